package dev.kumiko.tokenize;

import dev.kumiko.format.AddedToken;
import java.util.List;

/**
 * Finds added tokens in a text: the leftmost, of those the longest, then the next one behind its
 * end. Immutable and safe for concurrent use.
 */
final class AddedTokenMatcher {
  private final AddedToken[] tokens;
  private final String[] patterns;

  /** Bit {@code c & 63}: whether a pattern begins with such a character. */
  private final long firstCharacters;

  /**
   * A matcher.
   *
   * @param patterns what stands for each token in the text; none is empty; of equal ones, between
   *     which the reference chooses at random, the first counts
   */
  AddedTokenMatcher(List<AddedToken> tokens, List<String> patterns) {
    this.tokens = tokens.toArray(new AddedToken[0]);
    this.patterns = patterns.toArray(new String[0]);
    long first = 0;
    for (String pattern : this.patterns) {
      first |= 1L << pattern.charAt(0);
    }
    firstCharacters = first;
  }

  boolean isEmpty() {
    return tokens.length == 0;
  }

  Cursor find(String text, int from, int to) {
    return new Cursor(text, from, to);
  }

  /** Goes through {@code text[from, to)}, one match after another. Belongs to one call. */
  final class Cursor {
    private final String text;
    private final int from;
    private final int to;
    private int position;

    /** Where the text behind the last match goes on, including the white space it took. */
    private int rest;

    private int start;
    private int id;

    private Cursor(String text, int from, int to) {
      this.text = text;
      this.from = from;
      this.to = to;
      this.position = from;
      this.rest = from;
    }

    /** Moves to the next match; false if there is none. */
    boolean next() {
      int index = -1;
      while ((index = nextPattern()) >= 0) {
        int end = position + patterns[index].length();
        boolean accepted = !tokens[index].singleWord() || standsAlone(position, end);
        if (accepted) {
          accept(tokens[index], position, end);
        }
        position = end;
        if (accepted) {
          return true;
        }
      }
      return false;
    }

    /** Where the match begins. Only the text before it that no earlier match took is left. */
    int start() {
      return start;
    }

    /** Where the text behind the match goes on. */
    int rest() {
      return rest;
    }

    int id() {
      return id;
    }

    private int nextPattern() {
      for (; position < to; position++) {
        if ((firstCharacters >>> text.charAt(position) & 1) != 0) {
          int index = longestPattern();
          if (index >= 0) {
            return index;
          }
        }
      }
      return -1;
    }

    private int longestPattern() {
      int longest = -1;
      for (int i = 0; i < patterns.length; i++) {
        if (text.startsWith(patterns[i], position)
            && patterns[i].length() <= to - position
            && (longest < 0 || patterns[i].length() > patterns[longest].length())) {
          longest = i;
        }
      }
      return longest;
    }

    private boolean standsAlone(int matchStart, int matchEnd) {
      return (matchStart == from || !CharacterClasses.isWord(text.codePointBefore(matchStart)))
          && (matchEnd == to || !CharacterClasses.isWord(text.codePointAt(matchEnd)));
    }

    private void accept(AddedToken token, int matchStart, int matchEnd) {
      id = token.id();
      start = matchStart;
      if (token.lstrip()) {
        while (start > rest && CharacterClasses.isWhiteSpace(text.charAt(start - 1))) {
          start--;
        }
      }
      rest = matchEnd;
      if (token.rstrip()) {
        while (rest < to && CharacterClasses.isWhiteSpace(text.charAt(rest))) {
          rest++;
        }
      }
    }
  }
}
