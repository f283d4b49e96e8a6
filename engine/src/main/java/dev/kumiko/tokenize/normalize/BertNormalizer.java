package dev.kumiko.tokenize.normalize;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.bert.CharacterMap;
import dev.kumiko.tokenize.bert.NormalizedText;
import dev.kumiko.tokenize.unicode.CharacterClasses;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;

/** BERT's clean-up, as a step among others. */
final class BertNormalizer implements Normalizer {
  private final NormalizerStep.Bert settings;
  private final CharacterMap map;

  BertNormalizer(NormalizerStep.Bert settings) {
    this.settings = settings;
    map = new CharacterMap(settings);
  }

  @Override
  public String normalize(String text, Alignment alignment) {
    if (!alignment.isKept()) {
      return new NormalizedText(map, text, 0, text.length()).readAll();
    }
    String normalized = text;
    for (Normalizer step : steps()) {
      normalized = step.normalize(normalized, alignment);
    }
    return normalized;
  }

  /**
   * What the reference does one after another. It gives the same text as the map, which does it at
   * once and so cannot tell where marks come from that change places with others.
   */
  private List<Normalizer> steps() {
    List<Normalizer> steps = new ArrayList<>();
    if (settings.cleanText()) {
      steps.add(new CleanText());
    }
    if (settings.handleChineseChars()) {
      steps.add(new SpacedIdeographs());
    }
    if (settings.stripAccents()) {
      steps.add(new UnicodeNormalizer(Form.NFD));
      steps.add(new StripAccents(CharacterClasses::isNonSpacingMark));
    }
    if (settings.lowercase()) {
      steps.add(new Lowercase());
    }
    return steps;
  }
}
