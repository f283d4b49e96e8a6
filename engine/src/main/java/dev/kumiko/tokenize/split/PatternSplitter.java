package dev.kumiko.tokenize.split;

import dev.kumiko.format.SplitStep.Behavior;
import dev.kumiko.tokenize.pattern.TextFinder;

/** Splits at everything that matches, or at everything else. */
final class PatternSplitter implements Splitter {
  private final TextFinder pattern;
  private final Behavior behavior;
  private final boolean invert;

  PatternSplitter(TextFinder pattern, Behavior behavior, boolean invert) {
    this.pattern = pattern;
    this.behavior = behavior;
    this.invert = invert;
  }

  @Override
  public Words split(Words words) {
    Words.Builder result = new Words.Builder(words);
    for (int i = 0; i < words.count(); i++) {
      Joiner joiner = new Joiner(result, words.start(i), i == 0);
      TextFinder.Matches matches = pattern.in(words.text(), words.start(i), words.end(i));
      int position = words.start(i);
      while (matches.next()) {
        if (position < matches.start()) {
          joiner.take(matches.start(), invert);
        }
        joiner.take(matches.end(), !invert);
        position = matches.end();
      }
      if (position < words.end(i)) {
        joiner.take(words.end(i), invert);
      }
      joiner.endWord();
    }
    return result.build(words.text());
  }

  /**
   * Joins matches and what is between them as the behaviour says, while going through one word. A
   * part is pending until it is known whether the next one belongs to it.
   */
  private final class Joiner {
    private final Words.Builder result;
    private final int first;
    private final boolean firstWord;
    private int start;
    private int end;
    private boolean lastMatched;

    Joiner(Words.Builder result, int first, boolean firstWord) {
      this.result = result;
      this.first = first;
      this.firstWord = firstWord;
      this.start = first;
      this.end = first;
    }

    /** Takes the part from where the last one ended. */
    void take(int partEnd, boolean matched) {
      if (!behavior.joins(matched, lastMatched)) {
        endWord();
      }
      if (behavior == Behavior.REMOVED && matched) {
        start = partEnd;
      }
      end = partEnd;
      lastMatched = matched;
    }

    void endWord() {
      result.add(start, end, firstWord && start == first);
      start = end;
    }
  }
}
