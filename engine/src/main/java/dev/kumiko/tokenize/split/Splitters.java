package dev.kumiko.tokenize.split;

import dev.kumiko.format.SplitStep;
import dev.kumiko.format.SplitStep.Behavior;
import dev.kumiko.tokenize.pattern.TextFinder;
import dev.kumiko.tokenize.unicode.CharacterClasses;
import dev.kumiko.tokenize.unicode.CodePointSet;
import java.util.ArrayList;
import java.util.List;

/** Makes splitters from their description. */
public final class Splitters {
  private static final CodePointSet WHITE_SPACE = CodePointSet.of(CharacterClasses::isWhiteSpace);
  private static final CodePointSet WORD = CodePointSet.of(CharacterClasses::isWord);
  private static final CodePointSet PUNCTUATION = CodePointSet.of(CharacterClasses::isPunctuation);
  private static final CodePointSet NUMERIC = CodePointSet.of(CharacterClasses::isNumeric);

  private Splitters() {}

  /**
   * A splitter that takes the steps one after another.
   *
   * @throws IllegalArgumentException if a regular expression is not supported
   */
  public static Splitter of(List<SplitStep> steps) {
    List<Splitter> splitters = new ArrayList<>();
    for (SplitStep step : steps) {
      splitters.add(of(step));
    }
    return words -> {
      Words split = words;
      for (Splitter splitter : splitters) {
        split = splitter.split(split);
      }
      return split;
    };
  }

  private static Splitter of(SplitStep step) {
    if (step == SplitStep.Simple.BERT) {
      Splitter dropping = at(WHITE_SPACE, Behavior.REMOVED);
      Splitter isolating = at(PUNCTUATION, Behavior.ISOLATED);
      return words -> isolating.split(dropping.split(words));
    }
    if (step == SplitStep.Simple.WHITESPACE) {
      return new PatternSplitter(TextFinder.runs(WORD, WHITE_SPACE), Behavior.REMOVED, true);
    }
    if (step == SplitStep.Simple.WHITESPACE_SPLIT) {
      return at(WHITE_SPACE, Behavior.REMOVED);
    }
    if (step instanceof SplitStep.Punctuation punctuation) {
      return at(PUNCTUATION, punctuation.behavior());
    }
    if (step instanceof SplitStep.Digits digits) {
      return at(NUMERIC, digits.individual() ? Behavior.ISOLATED : Behavior.CONTIGUOUS);
    }
    if (step instanceof SplitStep.Metaspace metaspace) {
      return new Metaspace(metaspace);
    }
    if (step instanceof SplitStep.ByteLevel bytes) {
      return new ByteLevel(bytes);
    }
    if (step == SplitStep.Simple.SCRIPT) {
      return new ScriptSplitter();
    }
    if (step == SplitStep.Simple.CHARACTERS) {
      return new CharacterSplitter();
    }
    SplitStep.Split split = (SplitStep.Split) step;
    return new PatternSplitter(TextFinder.of(split.pattern()), split.behavior(), split.invert());
  }

  private static Splitter at(CodePointSet set, Behavior behavior) {
    return new PatternSplitter(TextFinder.anyOf(set), behavior, false);
  }
}
