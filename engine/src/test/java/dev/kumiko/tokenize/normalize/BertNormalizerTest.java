package dev.kumiko.tokenize.normalize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.tokenize.Alignment;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** The clean-up at once and the one step by step, which tells where characters come from. */
class BertNormalizerTest {
  private static void check(Normalizer normalizer, String text) {
    String found = normalizer.normalize(text, Alignment.of(text, 0, text.length()));
    assertEquals(normalizer.normalize(text), found);
  }

  private static Normalizer normalizer(
      boolean clean, boolean ideographs, boolean strip, boolean lower) {
    var settings = new NormalizerStep.Bert(clean, ideographs, strip, lower);
    return Normalizers.of(List.of(settings), Optional.empty());
  }

  @Test
  void giveTheSameTextForEveryCodePoint() {
    List<Normalizer> normalizers =
        List.of(normalizer(true, true, true, true), normalizer(false, false, false, true));
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        String text = "A" + Character.toString(c) + "\u0316\u0301\u302E";
        normalizers.forEach(normalizer -> check(normalizer, text));
      }
    }
  }

  @Property(tries = 20_000)
  void giveTheSameText(
      @ForAll("texts") String text,
      @ForAll boolean clean,
      @ForAll boolean ideographs,
      @ForAll boolean strip,
      @ForAll boolean lower) {
    check(normalizer(clean, ideographs, strip, lower), text);
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Integer> marks =
        Arbitraries.of(
            0x300, 0x301, 0x316, 0x323, 0x334, 0x345, 0x34F, 0x8D4, 0x8DA, 0x94D, 0x1B44, 0x1BAA,
            0x1DFB, 0x302E, 0x302F, 0xA953, 0x11442, 0x11446, 0x1D165, 0x1D16D, 0x1E000, 0x1E94A);
    Arbitrary<Integer> composed =
        Arbitraries.of(
            0xE9, 0x130, 0x344, 0xF77, 0x1E69, 0x1D15E, 0x1D160, 0x1D1BB, 0xAC01, 0xF900);
    return Arbitraries.frequencyOf(
            Tuple.of(4, marks),
            Tuple.of(2, composed),
            Tuple.of(2, Arbitraries.of(0, 0x20, 0xA, 0x61, 0x42, 0x4E00, 0x200D, 0xFFFD)),
            Tuple.of(1, Arbitraries.integers().between(0xE000, Character.MAX_CODE_POINT)))
        .map(c -> Character.toString(c))
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }
}
