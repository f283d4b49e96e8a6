package dev.kumiko.format;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How many characters a tokenizer's steps can make of one. Forty steps that double a text are a
 * short file, and a text of ten characters would become ten terabytes.
 *
 * <p>Goes through the steps from the last to the first and keeps what becomes of each character
 * behind them. Characters that Unicode's forms and lower-casing turn into one another count as one;
 * what these add themselves (up to 18 times, once) is not counted.
 */
final class TextGrowth {
  /** Characters made of one: more than the longest name of an emoji. */
  private static final double MOST = 256;

  /** More than one such step makes every byte two. */
  private static final int MOST_BYTE_LEVELS = 1;

  private static final int MOST_SPLITS = 100;

  private final Map<Integer, Double> ofCharacter = new HashMap<>();
  private double ofOthers = 1;

  private TextGrowth() {}

  /** Returns which step makes too much of a text, for people; empty if none does. */
  static Optional<String> problem(List<NormalizerStep> normalizers, List<SplitStep> splits) {
    TextGrowth growth = new TextGrowth();
    for (int i = normalizers.size() - 1; i >= 0; i--) {
      growth.before(normalizers.get(i));
      if (growth.most() > MOST) {
        return Optional.of(
            "normalizers[%d] and the %d behind it can make %s characters of one; Kumiko allows %.0f"
                .formatted(i, normalizers.size() - 1 - i, rounded(growth.most()), MOST));
      }
    }
    long byteLevels = splits.stream().filter(SplitStep.ByteLevel.class::isInstance).count();
    if (byteLevels > MOST_BYTE_LEVELS) {
      return Optional.of(
          "has %d byte_level steps; Kumiko allows %d, as each spells what the one before it spelt"
              .formatted(byteLevels, MOST_BYTE_LEVELS));
    }
    return splits.size() > MOST_SPLITS
        ? Optional.of("has %d splits; Kumiko allows %d".formatted(splits.size(), MOST_SPLITS))
        : Optional.empty();
  }

  private static String rounded(double characters) {
    return characters < 1e9
        ? String.format(Locale.ROOT, "%.0f", Math.ceil(characters))
        : "more than a milliard";
  }

  private void before(NormalizerStep step) {
    if (step instanceof NormalizerStep.Replace replace) {
      replace(replace.pattern(), of(folded(replace.content())));
    } else if (step instanceof NormalizerStep.Bert bert && bert.handleChineseChars()) {
      double blanks = 2 * of(' ');
      ofCharacter.replaceAll((c, made) -> Character.isIdeographic(c) ? made + blanks : made);
      ofOthers += blanks;
    } else if (step == NormalizerStep.Simple.PRECOMPILED) {
      // Its rules may turn any character into any other.
      ofOthers = most();
      ofCharacter.clear();
    }
  }

  /** A match is one character at least, and its characters share what is put in its place. */
  private void replace(TextPattern pattern, double content) {
    if (pattern.regex()) {
      ofCharacter.replaceAll((c, made) -> Math.max(made, content));
      ofOthers = Math.max(ofOthers, content);
      return;
    }
    int[] characters = folded(pattern.text());
    for (int c : characters) {
      double share = content / characters.length;
      ofCharacter.merge(c, Math.max(share, ofOthers), (made, other) -> Math.max(made, share));
    }
  }

  private double most() {
    return ofCharacter.values().stream().reduce(ofOthers, Math::max);
  }

  private double of(int... characters) {
    double sum = 0;
    for (int c : characters) {
      sum += ofCharacter.getOrDefault(c, ofOthers);
    }
    return sum;
  }

  private static int[] folded(String text) {
    return Normalizer.normalize(text, Form.NFKD)
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .map(c -> Character.isWhitespace(c) ? ' ' : c)
        .toArray();
  }
}
