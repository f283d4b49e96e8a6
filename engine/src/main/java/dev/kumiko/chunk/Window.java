package dev.kumiko.chunk;

import dev.kumiko.tokenize.unicode.GraphemeClusters;
import java.text.BreakIterator;

/** The boundaries inside a part of a text. */
final class Window {
  /** So much behind the window is looked at, too, since what follows decides what ends. */
  private static final int AHEAD = 64;

  private static final char PARAGRAPH_SEPARATOR = '\u2029';

  private final String text;
  private final int from;
  private final int to;

  /** What ends before {@code from + i}. */
  private final Boundary[] boundaries;

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
    this.boundaries = new Boundary[to - from];
    for (int i = from; i < to; i++) {
      boundaries[i - from] = insidePair(text, i) ? Boundary.NONE : Boundary.CODE_POINT;
    }
    for (int i = cluster; i < to; i = GraphemeClusters.end(text, i)) {
      boundaries[i - from] = Boundary.CLUSTER;
    }
    String part = text.substring(from, (int) Math.min(text.length(), (long) to + AHEAD));
    markWords(breaks.lines(part), breaks.words(part));
    markSentences(breaks.sentences(part));
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
   * word iterator agrees: lines may be wrapped inside words, too, as at hyphens or in Korean.
   */
  private void markWords(BreakIterator lines, BreakIterator words) {
    int word = words.first();
    for (int line = lines.first(); line != BreakIterator.DONE; line = lines.next()) {
      while (word != BreakIterator.DONE && word < line) {
        word = words.next();
      }
      markBetweenWords(from + line, word == line ? Boundary.WORD : Boundary.PART);
    }
  }

  private void markSentences(BreakIterator sentences) {
    for (int i = sentences.first(); i != BreakIterator.DONE; i = sentences.next()) {
      markBetweenWords(from + i, Boundary.SENTENCE);
    }
  }

  /** The iterators divide addresses: what ends without white space in ASCII is only a part. */
  private void markBetweenWords(int index, Boundary boundary) {
    if (index > from && index < to && !isSpace(index)) {
      boolean whole = isSpace(index - 1) || text.charAt(index - 1) >= 0x80;
      mark(index, whole ? boundary : Boundary.PART);
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

  /** All white space is in the basic plane. */
  private boolean isSpace(int index) {
    char c = text.charAt(index);
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  private void mark(int index, Boundary boundary) {
    if (index > from && index < to && is(index, Boundary.CLUSTER) && !is(index, boundary)) {
      boundaries[index - from] = boundary;
    }
  }

  Boundary at(int index) {
    return boundaries[index - from];
  }

  /** Whether a boundary is as good as this or better. */
  private boolean is(int index, Boundary least) {
    return boundaries[index - from].isAtLeast(least);
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
