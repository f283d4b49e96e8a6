package dev.kumiko.format.text;

/** Text from a file, made fit for a message: one line, quoted, of bounded length. */
public final class Quoted {
  private static final int LONGEST = 80;
  private static final int LONGEST_LINE = 1500;

  private Quoted() {}

  /**
   * {@return the text in quotation marks}
   *
   * @param text any text, however long
   */
  public static String of(String text) {
    StringBuilder out = new StringBuilder("\"");
    int end = visible(text, LONGEST, out);
    out.append('"');
    return more(text, end, out);
  }

  /**
   * {@return a whole message as one line of bounded length}
   *
   * @param message for people
   */
  public static String line(String message) {
    StringBuilder out = new StringBuilder(message.length());
    return more(message, visible(message, LONGEST_LINE, out), out);
  }

  private static String more(String text, int end, StringBuilder out) {
    if (end < text.length()) {
      out.append("... (").append(text.length()).append(" characters)");
    }
    return out.toString();
  }

  /** Adds the beginning of a text, about so many characters, and returns where it ends. */
  private static int visible(String text, int longest, StringBuilder out) {
    int full = out.length() + longest;
    int i = 0;
    while (i < text.length() && out.length() < full) {
      int codePoint = text.codePointAt(i);
      if (Character.isISOControl(codePoint)
          || Character.getType(codePoint) == Character.SURROGATE) {
        out.append(String.format("\\u%04x", codePoint));
      } else {
        out.appendCodePoint(codePoint);
      }
      i += Character.charCount(codePoint);
    }
    return i;
  }

  /** Returns whether the char at {@code i} is half of a surrogate pair that the text completes. */
  public static boolean pairedAt(String text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  /** Returns whether every surrogate in the text is paired, so that it has a UTF-8 form. */
  public static boolean wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i)) && !pairedAt(text, i)) {
        return false;
      }
    }
    return true;
  }
}
