package dev.kumiko.server.http;

/** About how much memory JSON takes while it is read, which can be very much more than its size. */
final class JsonMemory {
  /** The bytes, copied as they arrive, and the characters of a text, twice while it is read. */
  static final int OF_BYTE = 6;

  /** A number of two characters becomes three objects, an empty object a map. */
  private static final int OF_VALUE = 100;

  private JsonMemory() {}

  /**
   * Returns how much a document's values take beyond its bytes.
   *
   * @param utf8 a whole document, or what is taken for one
   */
  static long ofValues(byte[] utf8) {
    long values = 0;
    boolean inText = false;
    for (int i = 0; i < utf8.length; i++) {
      switch (utf8[i]) {
        case '"' -> inText = !inText;
        case '\\' -> i += inText ? 1 : 0;
        case ',', '[', '{' -> values += inText ? 0 : 1;
        default -> {
          // part of a value
        }
      }
    }
    return OF_VALUE * values;
  }
}
