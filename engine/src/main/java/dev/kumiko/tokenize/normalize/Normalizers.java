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
   * @param characterMap SentencePiece's compiled rules for a {@link
   *     NormalizerStep.Simple#PRECOMPILED}
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
    if (step instanceof NormalizerStep.Form form) {
      return new UnicodeNormalizer(Form.valueOf(form.name()));
    }
    if (step == NormalizerStep.Simple.LOWERCASE) {
      return new Lowercase();
    }
    if (step == NormalizerStep.Simple.STRIP_ACCENTS) {
      return new StripAccents(CharacterClasses::isCombiningMark);
    }
    if (step instanceof NormalizerStep.Strip strip) {
      return new Strip(strip.left(), strip.right());
    }
    if (step instanceof NormalizerStep.Replace replace) {
      return new Replace(TextFinder.of(replace.pattern()), replace.content());
    }
    if (step == NormalizerStep.Simple.DROP_CONTROLS) {
      return new DropControls();
    }
    if (step instanceof NormalizerStep.Prepend prepend) {
      return new Prepend(prepend.text());
    }
    return new Precompiled(characterMap.orElseThrow());
  }
}
