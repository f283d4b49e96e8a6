package dev.kumiko.tokenize.pattern;

import dev.kumiko.format.TextPattern;
import dev.kumiko.tokenize.unicode.CodePointSet;

/** Something that is looked for in texts. Immutable and safe for concurrent use. */
public interface TextFinder {
  /**
   * The matches in {@code text[from, to)}, as if nothing were around it: the leftmost, then the
   * leftmost of those behind its end, and so on. None is empty.
   */
  Matches in(String text, int from, int to);

  /**
   * A finder for a pattern.
   *
   * @throws IllegalArgumentException if the pattern is empty or not supported
   */
  static TextFinder of(TextPattern pattern) {
    return pattern.regex() ? Regex.of(pattern.text()) : literal(pattern.text());
  }

  /**
   * Finds a text.
   *
   * @throws IllegalArgumentException if it is empty
   */
  static TextFinder literal(String wanted) {
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("a pattern is empty; it must be at least one character");
    }
    return (text, from, to) ->
        new Matches(from) {
          @Override
          boolean find(int position) {
            int found = text.indexOf(wanted, position, to);
            return found >= 0 && at(found, found + wanted.length());
          }
        };
  }

  /** Finds single characters of a set. */
  static TextFinder anyOf(CodePointSet characters) {
    return (text, from, to) ->
        new Matches(from) {
          @Override
          boolean find(int position) {
            for (int i = position; i < to; ) {
              int codePoint = text.codePointAt(i);
              int next = i + Character.charCount(codePoint);
              if (characters.contains(codePoint)) {
                return at(i, next);
              }
              i = next;
            }
            return false;
          }
        };
  }

  /** Finds runs of characters of the first set, and runs of characters of neither set. */
  static TextFinder runs(CodePointSet first, CodePointSet neither) {
    return (text, from, to) ->
        new Matches(from) {
          @Override
          boolean find(int position) {
            int start = position;
            while (start < to && neither.contains(text.codePointAt(start))) {
              start += Character.charCount(text.codePointAt(start));
            }
            int end = start;
            while (end < to && sameKind(text.codePointAt(start), text.codePointAt(end))) {
              end += Character.charCount(text.codePointAt(end));
            }
            return end > start && at(start, end);
          }

          private boolean sameKind(int one, int other) {
            return first.contains(one) == first.contains(other) && !neither.contains(other);
          }
        };
  }

  /** Goes through matches, one after another. Belongs to one call. */
  abstract class Matches {
    private int start;
    private int end;

    Matches(int from) {
      end = from;
    }

    /** Moves to the next match; false if there is none. */
    public final boolean next() {
      return find(end);
    }

    /** Where the match begins. */
    public final int start() {
      return start;
    }

    /** Where the match ends. */
    public final int end() {
      return end;
    }

    /** Finds the leftmost match from a position on and says where it is by {@link #at}. */
    abstract boolean find(int position);

    final boolean at(int matchStart, int matchEnd) {
      start = matchStart;
      end = matchEnd;
      return true;
    }
  }
}
