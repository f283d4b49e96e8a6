package dev.kumiko.tokenize.normalize;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.tokenize.pattern.TextFinder;
import dev.kumiko.tokenize.unicode.CharacterClasses;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes normalisers from their description. */
public final class Normalizers {
  private Normalizers() {}

  /**
   * A normaliser that takes the steps one after another.
   *
   * @param characterMap SentencePiece's compiled rules for a {@link NormalizerStep.Precompiled}
   * @throws IllegalArgumentException if a regular expression is not supported
   * @throws java.util.NoSuchElementException if there is a precompiled step, but no character map
   */
  public static Normalizer of(List<NormalizerStep> steps, Optional<CharacterTrie> characterMap) {
    List<Normalizer> normalizers = new ArrayList<>();
    for (NormalizerStep step : steps) {
      normalizers.add(of(step, characterMap));
    }
    if (normalizers.size() == 1) {
      return normalizers.getFirst();
    }
    return (text, alignment) -> {
      String normalized = text;
      for (Normalizer normalizer : normalizers) {
        normalized = normalizer.normalize(normalized, alignment);
      }
      return normalized;
    };
  }

  private static Normalizer of(NormalizerStep step, Optional<CharacterTrie> characterMap) {
    if (step instanceof NormalizerStep.Bert bert) {
      return new BertNormalizer(bert);
    }
    if (step instanceof NormalizerStep.Unicode unicode) {
      return new UnicodeNormalizer(Form.valueOf(unicode.form().name()));
    }
    if (step instanceof NormalizerStep.Lowercase) {
      return new Lowercase();
    }
    if (step instanceof NormalizerStep.StripAccents) {
      return new StripAccents(CharacterClasses::isCombiningMark);
    }
    if (step instanceof NormalizerStep.Strip strip) {
      return new Strip(strip.left(), strip.right());
    }
    if (step instanceof NormalizerStep.Replace replace) {
      return new Replace(TextFinder.of(replace.pattern()), replace.content());
    }
    if (step instanceof NormalizerStep.DropControls) {
      return new DropControls();
    }
    if (step instanceof NormalizerStep.Prepend prepend) {
      return new Prepend(prepend.text());
    }
    return new Precompiled(characterMap.orElseThrow());
  }
}
