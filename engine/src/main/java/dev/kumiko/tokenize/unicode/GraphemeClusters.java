package dev.kumiko.tokenize.unicode;

/**
 * Where extended grapheme clusters end (<a href="https://unicode.org/reports/tr29/">UAX 29</a>,
 * Unicode 17).
 */
public final class GraphemeClusters {
  /** Code points below it are neither extending nor prepended. */
  private static final int SIMPLE = 0x300;

  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private GraphemeClusters() {}

  /** The end of the cluster that begins at {@code from}, which is less than the text's length. */
  public static int end(String text, int from) {
    int first = text.codePointAt(from);
    int end = from + Character.charCount(first);
    if (end == text.length()) {
      return end;
    }
    int second = text.codePointAt(end);
    if (first < SIMPLE && second < SIMPLE) {
      return first == '\r' && second == '\n' ? end + 1 : end;
    }
    State state = new State(first);
    int next = second;
    while (state.continues(next)) {
      state.take(next);
      end += Character.charCount(next);
      if (end == text.length()) {
        break;
      }
      next = text.codePointAt(end);
    }
    return end;
  }

  /** What of a cluster's beginning decides whether it goes on. */
  private static final class State {
    private int last;
    private boolean lastExtends;

    /** Consonant, then only what keeps a conjunct together. */
    private boolean conjunct;

    private boolean linked;

    /** Pictograph, then only extending characters. */
    private boolean pictograph;

    private int regionalIndicators;

    State(int first) {
      take(first);
    }

    void take(int codePoint) {
      last = codePoint;
      lastExtends = GraphemeClasses.EXTEND.contains(codePoint);
      if (GraphemeClasses.CONSONANT.contains(codePoint)) {
        conjunct = true;
        linked = false;
      } else if (GraphemeClasses.LINKER.contains(codePoint)) {
        linked = conjunct;
      } else {
        conjunct &= lastExtends && !GraphemeClasses.NO_LINKING_EXTEND.contains(codePoint);
      }
      pictograph = lastExtends ? pictograph : GraphemeClasses.PICTOGRAPHIC.contains(codePoint);
      regionalIndicators = isRegionalIndicator(codePoint) ? regionalIndicators + 1 : 0;
    }

    boolean continues(int next) {
      if (GraphemeClasses.CONTROL.contains(last) || GraphemeClasses.CONTROL.contains(next)) {
        return last == '\r' && next == '\n';
      }
      return GraphemeClasses.EXTEND.contains(next)
          || GraphemeClasses.PREPEND.contains(last)
          || hangul(last, next)
          || (conjunct && linked && GraphemeClasses.CONSONANT.contains(next))
          || (pictograph
              && last == ZERO_WIDTH_JOINER
              && GraphemeClasses.PICTOGRAPHIC.contains(next))
          || (regionalIndicators % 2 == 1 && isRegionalIndicator(next));
    }
  }

  private static boolean isRegionalIndicator(int codePoint) {
    return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
  }

  /** Whether two code points belong to one Hangul syllable: rules GB6 to GB8. */
  private static boolean hangul(int last, int next) {
    if (next < 0x1100 || next > 0xD7FB || last < 0x1100 || last > 0xD7FB) {
      return false;
    }
    boolean syllable = last >= 0xAC00 && last <= 0xD7A3;
    if (isLeading(last)) {
      return isLeading(next) || isVowel(next) || (next >= 0xAC00 && next <= 0xD7A3);
    }
    if (isVowel(last) || (syllable && (last - 0xAC00) % 28 == 0)) {
      return isVowel(next) || isTrailing(next);
    }
    return (isTrailing(last) || syllable) && isTrailing(next);
  }

  private static boolean isLeading(int c) {
    return c <= 0x115F || (c >= 0xA960 && c <= 0xA97C);
  }

  private static boolean isVowel(int c) {
    return (c >= 0x1160 && c <= 0x11A7) || (c >= 0xD7B0 && c <= 0xD7C6);
  }

  private static boolean isTrailing(int c) {
    return (c >= 0x11A8 && c <= 0x11FF) || (c >= 0xD7CB && c <= 0xD7FB);
  }
}
