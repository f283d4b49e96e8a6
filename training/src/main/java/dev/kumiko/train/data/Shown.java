package dev.kumiko.train.data;

/** Values of files in messages. */
public final class Shown {
  private static final int MOST = 40;

  private Shown() {}

  /**
   * {@return a value on one line, cut if long: it may be the rest of a file}
   *
   * @param value any text
   */
  public static String of(String value) {
    String line = value.replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.codePointCount(0, line.length()) <= MOST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MOST)) + "...";
  }
}
