package dev.kumiko.tools.generate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A vocabulary of tokens that no corpus was looked at for, each once, and a merge for some. */
final class SyntheticTokens {
  /** In which order words are made of letters: about as often as English has them. */
  private static final String LETTERS = "etaoinshrdlcumwfgypbvkjxqz";

  /** First and last code points of the scripts that most languages are written in. */
  private static final int[][] SCRIPTS = {
    {0x21, 0x7E},
    {0xA1, 0x24F},
    {0x300, 0x36F},
    {0x370, 0x52F},
    {0x531, 0x5F4},
    {0x600, 0x6FF},
    {0x900, 0xDFF},
    {0xE01, 0xEDF},
    {0x10A0, 0x11FF},
    {0x1200, 0x137C},
    {0x1780, 0x17F9},
    {0x1E00, 0x1FFF},
    {0x2010, 0x203A},
    {0x20A0, 0x20BF},
    {0x3001, 0x30FF},
    {0x4E00, 0x9FFF},
    {0xAC00, 0xD7A3},
    {0xFF01, 0xFF5E},
  };

  private final int most;
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<Integer> merges = new ArrayList<>();

  /**
   * Begins with some tokens.
   *
   * @param most how many tokens there will be
   */
  SyntheticTokens(int most, List<String> first) {
    this.most = most;
    first.forEach(this::add);
  }

  /** Adds a token that is not there yet, if there is room. */
  void add(String token) {
    if (tokens.size() < most && ids.putIfAbsent(token, tokens.size()) == null) {
      tokens.add(token);
    }
  }

  /** Adds single characters until there are so many tokens. */
  void addCharacters(int until, String... prefixes) {
    for (int[] script : SCRIPTS) {
      for (int character = script[0]; character <= script[1]; character++) {
        for (String prefix : prefixes) {
          if (tokens.size() < until) {
            add(prefix + Character.toString(character));
          }
        }
      }
    }
  }

  /** Fills the rest with words of letters, short ones first, each behind each of the prefixes. */
  void addWords(String... prefixes) {
    for (int i = 0; tokens.size() < most; i++) {
      for (String prefix : prefixes) {
        add(prefix + word(i));
      }
    }
  }

  /**
   * Fills the rest with words of letters, short ones first and each behind each of the prefixes,
   * that are made of a shorter one and a letter by a merge.
   */
  void addMergedWords(String... prefixes) {
    for (int i = 0; tokens.size() < most; i++) {
      for (String prefix : prefixes) {
        String whole = prefix + word(i);
        if (whole.length() > 1 && tokens.size() < most) {
          int last = whole.length() - 1;
          merges.add(ids.get(whole.substring(0, last)));
          merges.add(ids.get(whole.substring(last)));
          merges.add(tokens.size());
          add(whole);
        }
      }
    }
  }

  /** Counts in words: all of one letter, then all of two, and so on. */
  private static String word(int number) {
    StringBuilder word = new StringBuilder();
    for (int left = number + 1; left > 0; left = (left - 1) / LETTERS.length()) {
      word.append(LETTERS.charAt((left - 1) % LETTERS.length()));
    }
    return word.reverse().toString();
  }

  int id(String token) {
    return ids.get(token);
  }

  List<String> tokens() {
    return tokens;
  }

  /** Returns left, right and joined id of every merge. */
  int[] merges() {
    return merges.stream().mapToInt(Integer::intValue).toArray();
  }
}
