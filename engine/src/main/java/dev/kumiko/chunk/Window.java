package dev.kumiko.chunk;

import dev.kumiko.tokenize.unicode.GraphemeClusters;
import java.text.BreakIterator;
import java.util.Locale;

/** The boundaries inside a part of a text. */
final class Window {
  /** So much behind the window is looked at, too, since what follows decides what ends. */
  private static final int AHEAD = 64;

  private static final char PARAGRAPH_SEPARATOR = '\u2029';

  /** Iterators of a locale. Not safe for concurrent use. */
  record Breaks(BreakIterator sentences, BreakIterator words, BreakIterator lines) {
    static Breaks of(Locale locale) {
      return new Breaks(
          BreakIterator.getSentenceInstance(locale),
          BreakIterator.getWordInstance(locale),
          BreakIterator.getLineInstance(locale));
    }
  }

  private final String text;
  private final int from;
  private final int to;

  /** What ends before {@code from + i}. */
  private final byte[] boundaries;

  /**
   * Looks for the boundaries between two places.
   *
   * @param cluster where the first cluster begins: {@code from}, or where the one ends that {@code
   *     from} is inside of
   */
  Window(String text, int from, int to, int cluster, Breaks breaks) {
    this.text = text;
    this.from = from;
    this.to = to;
    this.boundaries = new byte[to - from];
    for (int i = from + 1; i < to; i++) {
      if (!insidePair(text, i)) {
        boundaries[i - from] = (byte) Boundary.CODE_POINT.ordinal();
      }
    }
    for (int i = cluster; i < to; i = GraphemeClusters.end(text, i)) {
      boundaries[i - from] = (byte) Boundary.CLUSTER.ordinal();
    }
    String part = text.substring(from, (int) Math.min(text.length(), (long) to + AHEAD));
    markWords(part, breaks);
    markSentences(part, breaks.sentences());
    markLines();
  }

  static boolean insidePair(String text, int index) {
    return index > 0
        && index < text.length()
        && Character.isLowSurrogate(text.charAt(index))
        && Character.isHighSurrogate(text.charAt(index - 1));
  }

  /**
   * A word ends where a line may be wrapped, so that it keeps its punctuation, but only where a
   * word iterator agrees: where lines may be wrapped inside words, as in Korean, and at dots.
   */
  private void markWords(String part, Breaks breaks) {
    breaks.lines().setText(part);
    breaks.words().setText(part);
    int word = breaks.words().first();
    for (int line = breaks.lines().first();
        line != BreakIterator.DONE;
        line = breaks.lines().next()) {
      while (word != BreakIterator.DONE && word < line) {
        word = breaks.words().next();
      }
      if (word == line && !beforeSpace(from + line)) {
        mark(from + line, Boundary.WORD);
      }
    }
  }

  /** The iterator ends a sentence at every question mark, even in an address. */
  private void markSentences(String part, BreakIterator sentences) {
    sentences.setText(part);
    for (int i = sentences.first(); i != BreakIterator.DONE; i = sentences.next()) {
      int end = from + i;
      if (i > 0 && !beforeSpace(end) && (text.charAt(end - 1) >= 0x80 || isSpace(end - 1))) {
        mark(end, Boundary.SENTENCE);
      }
    }
  }

  /** Only the last of the line ends in white space is one: blank lines belong to what is before. */
  private void markLines() {
    int ends = 0;
    int last = from;
    for (int i = from; i < to; i++) {
      if (endsLine(i)) {
        ends += text.charAt(i) == PARAGRAPH_SEPARATOR ? 2 : 1;
        last = i + 1;
      } else if (ends > 0 && !isSpace(i)) {
        mark(last, ends > 1 ? Boundary.PARAGRAPH : Boundary.LINE);
        ends = 0;
      }
    }
    if (ends > 0) {
      mark(last, ends > 1 ? Boundary.PARAGRAPH : Boundary.LINE);
    }
  }

  private boolean endsLine(int index) {
    return switch (text.charAt(index)) {
      case '\n', '\u000B', '\f', '\u0085', '\u2028', PARAGRAPH_SEPARATOR -> true;
      case '\r' -> index + 1 == text.length() || text.charAt(index + 1) != '\n';
      default -> false;
    };
  }

  private boolean beforeSpace(int index) {
    return index < text.length() && isSpace(index);
  }

  /** All white space is in the basic plane. */
  private boolean isSpace(int index) {
    char c = text.charAt(index);
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  private void mark(int index, Boundary boundary) {
    if (index > from && index < to && is(index, Boundary.CLUSTER) && !is(index, boundary)) {
      boundaries[index - from] = (byte) boundary.ordinal();
    }
  }

  Boundary at(int index) {
    return Boundary.of(boundaries[index - from]);
  }

  /** Whether a boundary is as good as this or better. */
  private boolean is(int index, Boundary least) {
    return boundaries[index - from] >= least.ordinal();
  }

  /** The first place in {@code [first, end)} that is as good as this or better, or -1. */
  int first(Boundary least, int first, int end) {
    for (int i = first; i < end; i++) {
      if (is(i, least)) {
        return i;
      }
    }
    return -1;
  }

  /** The last place in {@code [first, end)} that is as good as this or better, or -1. */
  int last(Boundary least, int first, int end) {
    for (int i = end - 1; i >= first; i--) {
      if (is(i, least)) {
        return i;
      }
    }
    return -1;
  }
}
