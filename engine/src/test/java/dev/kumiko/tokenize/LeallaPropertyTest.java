package dev.kumiko.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.tokenize.unicode.ScriptClasses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The original LEALLA's tokenizer against the rules read slowly, on random texts. */
class LeallaPropertyTest {
  private static final int LONGEST = 128;

  private final Map<String, Integer> vocabulary;
  private final Tokenizer tokenizer;
  private final SlowLealla slow;

  LeallaPropertyTest() throws IOException {
    vocabulary = LeallaTokenizers.vocabulary();
    tokenizer = LeallaTokenizers.fixture();
    slow = new SlowLealla(vocabulary, vocabulary.get("[UNK]"));
  }

  @Property(tries = 6_000)
  void textsOfAllScripts(@ForAll("texts") String text) {
    check(text);
  }

  @Property(tries = 1_000)
  void wordsOfAboutAHundredBytes(@ForAll("longWords") String text) {
    check(text);
  }

  @Property(tries = 1_000)
  void textsOfAboutAsManyPiecesAsAreKept(@ForAll("longTexts") String text) {
    check(text);
  }

  private void check(String text) {
    List<Integer> expected = slow.ids(text);
    int[] content = expected.stream().mapToInt(Integer::intValue).toArray();
    assertArrayEquals(content, tokenizer.contentIds(text));
    assertEquals(content.length + 2, tokenizer.count(text));
    List<Integer> kept = new ArrayList<>();
    kept.add(vocabulary.get("[CLS]"));
    kept.addAll(expected.subList(0, Math.min(LONGEST - 2, content.length)));
    kept.add(vocabulary.get("[SEP]"));
    Encoding encoding = tokenizer.encode(text, LONGEST);
    assertArrayEquals(kept.stream().mapToInt(Integer::intValue).toArray(), encoding.ids());
    assertEquals(content.length > LONGEST - 2, encoding.truncated());
    OffsetChecks.check(tokenizer, text, LONGEST);
    checkOffsets(text, OffsetChecks.check(tokenizer, text, Integer.MAX_VALUE));
  }

  /** Nothing but white space and controls is dropped, and nothing is changed. */
  private void checkOffsets(String text, OffsetEncoding encoding) {
    for (int i = 1; i < encoding.length() - 1; i++) {
      String token = tokenizer.token(encoding.encoding().ids()[i]);
      if (!token.equals("[UNK]")) {
        StringBuilder found = new StringBuilder();
        text.substring(encoding.start(i), encoding.end(i))
            .codePoints()
            .filter(c -> !isDropped(ScriptClasses.of(c)))
            .forEach(found::appendCodePoint);
        boolean same = token.contentEquals(found) || token.equals("##" + found);
        assertTrue(same, () -> text + ": " + token + " is " + found);
      }
    }
  }

  private static boolean isDropped(int kind) {
    return ScriptClasses.isWhiteSpace(kind) || ScriptClasses.isControl(kind);
  }

  /** A piece of the vocabulary, or what is known to be special to one of the rules. */
  private Arbitrary<String> parts() {
    Arbitrary<String> pieces =
        Arbitraries.of(new ArrayList<>(vocabulary.keySet()))
            .map(piece -> piece.startsWith("##") ? piece.substring(2) : piece);
    return Arbitraries.frequencyOf(
        Tuple.of(6, pieces),
        Tuple.of(3, Arbitraries.of(" ", "  ", "\u00A0", "\u3000", "\u2028", "\u2029", "\u1680")),
        Tuple.of(
            2, Arbitraries.of("\t", "\n", "\r\n", "\0", "\u0085", "\u00AD", "\u200B", "\u200D")),
        Tuple.of(
            1, Arbitraries.of("\uFEFF", "\u2060", "\u061C", "\uDB40\uDC67", "\u180E", "\u0600")),
        Tuple.of(
            2,
            Arbitraries.of("\u0301", "\u0327", "\uFE0F", "\u20E3", "\u3099", "\u064B", "\u0951")),
        Tuple.of(
            2,
            Arbitraries.of("👍🏽", "👨\u200D👩\u200D👧", "🇯🇵", "☃", "☃️", "⚡", "🫠", "✂", "1️⃣")),
        Tuple.of(
            2, Arbitraries.of("!", "?!", "...", "“", "।", "。", "、", "؟", "_", "€", "+", "^", "|")),
        Tuple.of(2, Arbitraries.of("1", "23", "٣", "१", "๗", "½", "²", "Ⅷ", "１", "四")),
        Tuple.of(
            2, Arbitraries.of("木", "組", "〇", "々", "𠀀", "ひ", "カ", "ー", "ｶ", "한", "\u1112\u1161")),
        Tuple.of(
            1, Arbitraries.of("ก", "กิ", "ה", "ش", "λ", "ж", "न्", "Բ", "ა", "ᠠ", "𝔘", "ﬁ", "µ")),
        Tuple.of(1, Arbitraries.of("[CLS]", "[SEP]", "[UNK]", "##", "\uFFFD", "\uE000", "\uFFFE")),
        Tuple.of(2, anyCharacter()));
  }

  private static Arbitrary<String> anyCharacter() {
    return Arbitraries.oneOf(
            Arbitraries.integers().between(0, 0xFFFF - 0x800),
            Arbitraries.integers().between(0, Character.MAX_CODE_POINT - 0x800))
        .map(i -> Character.toString(i < Character.MIN_SURROGATE ? i : i + 0x800));
  }

  private static Arbitrary<String> joined(Arbitrary<String> parts, int least, int most) {
    return parts.list().ofMinSize(least).ofMaxSize(most).map(list -> String.join("", list));
  }

  @Provide
  Arbitrary<String> texts() {
    return joined(parts(), 0, 14);
  }

  /** One letter of one to four bytes over and over, and another one to make the length odd. */
  @Provide
  Arbitrary<String> longWords() {
    Arbitrary<String> letters = Arbitraries.of("a", "ä", "が", "し", "1", "!", "木", "𝔘", "☃", "1 ");
    Arbitrary<Integer> bytes = Arbitraries.integers().between(96, 104);
    Arbitrary<String> ends = Arbitraries.of("", "a", "ä", "b", "1", "\u200B", " a", "!");
    return Combinators.combine(letters, bytes, ends)
        .as((letter, length, end) -> letter.repeat(length / size(letter)) + end);
  }

  private static int size(String letter) {
    int codePoint = letter.codePointAt(0);
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  @Provide
  Arbitrary<String> longTexts() {
    Arbitrary<String> words = Arbitraries.of("a ", "木", "1 ", "the ", "!", "ä ", "xyz", "\n");
    Arbitrary<String> end = joined(parts(), 0, 6);
    return Combinators.combine(words, Arbitraries.integers().between(118, 130), end)
        .as((word, count, rest) -> word.repeat(count) + rest);
  }
}
