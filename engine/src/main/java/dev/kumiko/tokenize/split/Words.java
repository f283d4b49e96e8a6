package dev.kumiko.tokenize.split;

import dev.kumiko.tokenize.Alignment;
import java.util.Arrays;

/**
 * A text cut into words, none of them empty. What lies between the words has been dropped.
 * Immutable.
 */
public final class Words {
  private final String text;
  private final boolean atStart;
  private final Alignment alignment;
  private final int[] bounds;
  private final int count;

  private Words(String text, boolean atStart, Alignment alignment, int[] bounds, int count) {
    this.text = text;
    this.atStart = atStart;
    this.alignment = alignment;
    this.bounds = bounds;
    this.count = count;
  }

  /**
   * The whole text as one word; none if it is empty.
   *
   * @param atStart whether it is the beginning of what the user gave, rather than behind an added
   *     token
   */
  public static Words whole(String text, boolean atStart) {
    return whole(text, atStart, Alignment.NONE);
  }

  /** The same, with an alignment that has followed the text to here. */
  public static Words whole(String text, boolean atStart, Alignment alignment) {
    int[] bounds = {0, text.length()};
    return new Words(text, atStart, alignment, bounds, text.isEmpty() ? 0 : 1);
  }

  /** What the words are cut from. */
  public String text() {
    return text;
  }

  /** Number of words. */
  public int count() {
    return count;
  }

  /** Where a word begins. */
  public int start(int word) {
    return bounds[2 * word];
  }

  /** Where a word ends. */
  public int end(int word) {
    return bounds[2 * word + 1];
  }

  /** What follows the text; a splitter that spells words differently tells it. */
  Alignment alignment() {
    return alignment;
  }

  /** Whether a word is the beginning of what the user gave. */
  boolean isAtStart(int word) {
    return word == 0 && atStart;
  }

  /** Collects words in ascending order. */
  static final class Builder {
    private final Words from;
    private int[] bounds;
    private int count;
    private boolean atStart;

    /** Collects words that are cut from those of {@code from}, or that replace them. */
    Builder(Words from) {
      this.from = from;
      bounds = new int[Math.max(16, 4 * from.count)];
    }

    /** Adds a word unless it is empty; {@code first} if it begins where the first word did. */
    void add(int start, int end, boolean first) {
      if (start == end) {
        return;
      }
      if (2 * count == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * bounds.length);
      }
      bounds[2 * count] = start;
      bounds[2 * count + 1] = end;
      atStart |= count == 0 && first && from.atStart;
      count++;
    }

    /** The words, cut from {@code text}. */
    Words build(String text) {
      return new Words(text, atStart, from.alignment, bounds, count);
    }
  }
}
