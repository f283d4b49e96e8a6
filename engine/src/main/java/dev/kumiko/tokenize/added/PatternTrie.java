package dev.kumiko.tokenize.added;

import java.util.Arrays;
import java.util.List;

/** Finds the longest of some patterns at a place in a text. Immutable once built. */
final class PatternTrie {
  private static final int NONE = -1;

  private final Node root = new Node();

  /** Bit {@code c & 63}: whether a pattern begins with such a character. */
  private final long firstCharacters;

  /** A trie of patterns, none of them empty. Of equal ones the first counts. */
  PatternTrie(List<String> patterns) {
    long first = 0;
    for (int i = 0; i < patterns.size(); i++) {
      String pattern = patterns.get(i);
      first |= 1L << pattern.charAt(0);
      Node node = root;
      for (int j = 0; j < pattern.length(); j++) {
        node = node.childOrNew(pattern.charAt(j));
      }
      if (node.pattern == NONE) {
        node.pattern = i;
      }
    }
    firstCharacters = first;
  }

  /** The first place from {@code from} on where a pattern may begin; the end if there is none. */
  int candidate(String text, int from) {
    long first = firstCharacters;
    int end = text.length();
    int position = from;
    while (position < end && (first >>> text.charAt(position) & 1) == 0) {
      position++;
    }
    return position;
  }

  /** The index of the longest pattern at a place, or -1. */
  int longest(String text, int position) {
    int longest = NONE;
    Node node = root;
    for (int i = position; i < text.length(); i++) {
      node = node.child(text.charAt(i));
      if (node == null) {
        break;
      }
      if (node.pattern != NONE) {
        longest = node.pattern;
      }
    }
    return longest;
  }

  private static final class Node {
    private int pattern = NONE;
    private char[] keys = {};
    private Node[] children = {};

    Node child(char key) {
      int index = Arrays.binarySearch(keys, key);
      return index < 0 ? null : children[index];
    }

    Node childOrNew(char key) {
      int index = Arrays.binarySearch(keys, key);
      if (index >= 0) {
        return children[index];
      }
      int place = -index - 1;
      int behind = keys.length - place;
      char[] moreKeys = Arrays.copyOf(keys, keys.length + 1);
      Node[] moreChildren = Arrays.copyOf(children, keys.length + 1);
      System.arraycopy(keys, place, moreKeys, place + 1, behind);
      System.arraycopy(children, place, moreChildren, place + 1, behind);
      moreKeys[place] = key;
      moreChildren[place] = new Node();
      keys = moreKeys;
      children = moreChildren;
      return children[place];
    }
  }
}
