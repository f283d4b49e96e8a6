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
        new Matches(
            from,
            (match, position) -> {
              int found = text.indexOf(wanted, position, to);
              return found >= 0 && match.at(found, found + wanted.length());
            });
  }

  /** Finds single characters of a set. */
  static TextFinder anyOf(CodePointSet characters) {
    return (text, from, to) ->
        new Matches(
            from,
            (match, position) -> {
              for (int i = position; i < to; ) {
                int codePoint = text.codePointAt(i);
                int next = i + Character.charCount(codePoint);
                if (characters.contains(codePoint)) {
                  return match.at(i, next);
                }
                i = next;
              }
              return false;
            });
  }

  /** Finds runs of characters of the first set, and runs of characters of neither set. */
  static TextFinder runs(CodePointSet first, CodePointSet neither) {
    return (text, from, to) ->
        new Matches(
            from,
            (match, position) -> {
              int start = position;
              while (start < to && neither.contains(text.codePointAt(start))) {
                start += Character.charCount(text.codePointAt(start));
              }
              boolean isFirst = start < to && first.contains(text.codePointAt(start));
              int end = start;
              while (end < to) {
                int codePoint = text.codePointAt(end);
                if (first.contains(codePoint) != isFirst || neither.contains(codePoint)) {
                  break;
                }
                end += Character.charCount(codePoint);
              }
              return end > start && match.at(start, end);
            });
  }

  /** Goes through matches, one after another. Belongs to one call. */
  final class Matches {
    private final Search search;
    private int start;
    private int end;

    Matches(int from, Search search) {
      this.search = search;
      this.end = from;
    }

    /** Moves to the next match; false if there is none. */
    public boolean next() {
      return search.find(this, end);
    }

    /** Where the match begins. */
    public int start() {
      return start;
    }

    /** Where the match ends. */
    public int end() {
      return end;
    }

    boolean at(int matchStart, int matchEnd) {
      start = matchStart;
      end = matchEnd;
      return true;
    }
  }

  /** How matches are found in one text. */
  interface Search {
    /** Finds the leftmost match from a position on and says where it is by {@link Matches#at}. */
    boolean find(Matches match, int position);
  }
}
