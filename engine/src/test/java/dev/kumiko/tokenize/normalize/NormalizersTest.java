package dev.kumiko.tokenize.normalize;

import static java.text.Normalizer.isNormalized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.NormalizerStep.Form;
import dev.kumiko.format.TextPattern;
import dev.kumiko.tokenize.Alignment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each step does, where the reference differs from the JDK above all. */
class NormalizersTest {
  private static String normalize(String text, NormalizerStep... steps) {
    return Normalizers.of(List.of(steps), Optional.empty()).normalize(text);
  }

  @Test
  void unicodeFormsAreThoseOfUnicode9() {
    assertEquals("\u00E9", normalize("e\u0301", Form.NFC));
    assertEquals("e\u0301", normalize("\u00E9", Form.NFD));
    assertEquals("fi1", normalize("\uFB01\u2460", Form.NFKC));
    assertEquals("e\u0301", normalize("\u00E9", Form.NFKD));
    // Square era name Reiwa, of Unicode 12.1.
    assertEquals("\u32FF", normalize("\u32FF", Form.NFKC));
    // A mark of Unicode 14 keeps its place, and others do not move across it.
    String later = "a\u0301\u0898\u0316";
    assertEquals(later, normalize(later, Form.NFD));
    assertEquals("a\u0316\u0301", normalize("a\u0301\u0316", Form.NFD));
    // Tulu-Tigalari, of Unicode 16.
    String vowel = "\uD804\uDF82\uD804\uDFC9";
    assertEquals(vowel + "\u00E9", normalize(vowel + "e\u0301", Form.NFC));
  }

  @ParameterizedTest
  @EnumSource
  void everyCodePointComesFromSomewhere(Form form) {
    Normalizer normalizer = Normalizers.of(List.of(form), Optional.empty());
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (Character.isDefined(c) && changes(Character.toString(c))) {
        String text = "e" + Character.toString(c) + "\u0301\u0316\u3099\u093C\u11A8";
        Alignment alignment = Alignment.of(text, 0, text.length());
        String normalized = normalizer.normalize(text, alignment);
        assertEquals(normalizer.normalize(text), normalized);
        int before = 0;
        for (int i = 0; i < normalized.length(); i++) {
          assertTrue(before <= alignment.origin(i) && alignment.origin(i) < text.length(), text);
          before = alignment.origin(i);
        }
        int end = normalized.length();
        assertThrows(IndexOutOfBoundsException.class, () -> alignment.origin(end));
      }
    }
  }

  /** Whether a character is decomposed, or changes places with one of two marks. */
  private static boolean changes(String character) {
    return !isNormalized(character + "\u0334", java.text.Normalizer.Form.NFKD)
        || !isNormalized("\u0345" + character, java.text.Normalizer.Form.NFKD);
  }

  @Test
  void lowerCaseHasNoContext() {
    assertEquals("σασ i\u0307x", normalize("ΣΑΣ \u0130X", NormalizerStep.Simple.LOWERCASE));
    assertEquals("abc", normalize("abc", NormalizerStep.Simple.LOWERCASE));
  }

  @Test
  void onlyMarksThatStandAloneAreStripped() {
    assertEquals("eé", normalize("e\u0301\u00E9", NormalizerStep.Simple.STRIP_ACCENTS));
    // A mark of Unicode 14 stays.
    assertEquals("a\u0898", normalize("a\u0898", NormalizerStep.Simple.STRIP_ACCENTS));
  }

  @Test
  void stripsWhiteSpaceOfUnicode() {
    String text = "\u3000 é\u00A0\u2028";
    assertEquals("é", normalize(text, new NormalizerStep.Strip(true, true)));
    assertEquals("é\u00A0\u2028", normalize(text, new NormalizerStep.Strip(true, false)));
    assertEquals("\u3000 é", normalize(text, new NormalizerStep.Strip(false, true)));
    assertEquals("", normalize(" \n", new NormalizerStep.Strip(true, true)));
  }

  @Test
  void replacesTextsAndPatterns() {
    NormalizerStep blanks = new NormalizerStep.Replace(new TextPattern(true, " {2,}"), "$0");
    assertEquals("a b$0c", normalize("a b   c", blanks));
    NormalizerStep quotes = new NormalizerStep.Replace(new TextPattern(false, "``"), "\"");
    assertEquals("\"a`", normalize("``a`", quotes));
    assertEquals("a", normalize("a", quotes));
  }

  @Test
  void prependsToWhatIsNotEmpty() {
    assertEquals("▁a", normalize("a", new NormalizerStep.Prepend("▁")));
    assertEquals("", normalize("", new NormalizerStep.Prepend("▁")));
  }

  @Test
  void cleansUpAsBert() {
    assertEquals(
        "a e 字 b",
        normalize("A\tÉ字\u0000b", new NormalizerStep.Bert(true, true, true, true))
            .replaceAll(" +", " "));
  }
}
