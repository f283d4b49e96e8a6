package dev.kumiko.tokenize.normalize;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.bert.CharacterMap;
import dev.kumiko.tokenize.bert.NormalizedText;

/** BERT's clean-up, as a step among others. */
final class BertNormalizer implements Normalizer {
  private final CharacterMap map;

  BertNormalizer(NormalizerStep.Bert settings) {
    map = new CharacterMap(settings);
  }

  @Override
  public String normalize(String text, Alignment alignment) {
    return new NormalizedText(map, text, 0, text.length()).readAll(alignment);
  }
}
