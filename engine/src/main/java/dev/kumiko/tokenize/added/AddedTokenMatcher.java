package dev.kumiko.tokenize.added;

import dev.kumiko.format.AddedToken;
import dev.kumiko.tokenize.unicode.CharacterClasses;
import java.util.List;

/**
 * Finds added tokens in a text: the leftmost, of those the longest, then the next one behind its
 * end. Immutable and safe for concurrent use.
 */
public final class AddedTokenMatcher {
  private final AddedToken[] tokens;
  private final int[] lengths;
  private final PatternTrie patterns;

  /**
   * A matcher.
   *
   * @param patterns what stands for each token in the text; none is empty; of equal ones, between
   *     which the reference chooses at random, the first counts
   */
  AddedTokenMatcher(List<AddedToken> tokens, List<String> patterns) {
    this.tokens = tokens.toArray(new AddedToken[0]);
    this.lengths = patterns.stream().mapToInt(String::length).toArray();
    this.patterns = new PatternTrie(patterns);
  }

  /** Whether there is nothing to find. */
  public boolean isEmpty() {
    return tokens.length == 0;
  }

  /** Hands a text to {@code sink} until it is finished. */
  public void scan(String text, AddedTokens.Sink sink) {
    Cursor cursor = new Cursor(text);
    int position = 0;
    while (!sink.finished() && cursor.next()) {
      if (position < cursor.start()) {
        sink.text(text, position, cursor.start());
      }
      if (!sink.finished()) {
        sink.token(cursor.id(), cursor.start(), cursor.rest());
      }
      position = cursor.rest();
    }
    if (!sink.finished() && position < text.length()) {
      sink.text(text, position, text.length());
    }
  }

  /** Goes through a text, one match after another. Belongs to one call. */
  private final class Cursor {
    private final String text;
    private int position;

    /** Where the text behind the last match goes on, including the white space it took. */
    private int rest;

    private int start;
    private int id;

    private Cursor(String text) {
      this.text = text;
    }

    /** Moves to the next match; false if there is none. */
    boolean next() {
      for (int index = nextPattern(); index >= 0; index = nextPattern()) {
        int matchStart = position;
        position += lengths[index];
        boolean stands = !tokens[index].singleWord() || standsAlone(matchStart, position);
        if (stands && accept(tokens[index], matchStart, position)) {
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

    /** Moves to the next pattern and answers its index, or -1. */
    private int nextPattern() {
      position = patterns.candidate(text, position);
      while (position < text.length()) {
        int index = patterns.longest(text, position);
        if (index >= 0) {
          return index;
        }
        position = patterns.candidate(text, position + 1);
      }
      return -1;
    }

    private boolean standsAlone(int matchStart, int matchEnd) {
      return (matchStart == 0 || !CharacterClasses.isWord(text.codePointBefore(matchStart)))
          && (matchEnd == text.length() || !CharacterClasses.isWord(text.codePointAt(matchEnd)));
    }

    /**
     * Takes a match with the white space that it strips. False for a token that takes the space
     * before it and lies in what the match before took: nothing is left of it.
     */
    private boolean accept(AddedToken token, int matchStart, int matchEnd) {
      int from = matchStart;
      if (token.lstrip()) {
        while (from > rest && CharacterClasses.isWhiteSpace(text.charAt(from - 1))) {
          from--;
        }
        from = Math.max(from, rest);
      }
      int to = matchEnd;
      if (token.rstrip()) {
        while (to < text.length() && CharacterClasses.isWhiteSpace(text.charAt(to))) {
          to++;
        }
      }
      if (from >= to) {
        return false;
      }
      id = token.id();
      start = from;
      rest = to;
      return true;
    }
  }
}
