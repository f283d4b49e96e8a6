package dev.kumiko.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for every text. */
class TokenizerPropertiesTest {
  private final Tokenizer tokenizer;

  TokenizerPropertiesTest() throws IOException {
    tokenizer = TokenizerJson.fixture("bert-mean");
  }

  @Property
  void aCutTextIsABeginningWithItsSpecials(
      @ForAll("texts") String text, @ForAll @IntRange(min = 2, max = 20) int max) {
    int[] content = tokenizer.contentIds(text);
    Encoding encoding = tokenizer.encode(text, max);
    int kept = Math.min(content.length, max - tokenizer.specials());

    assertArrayEquals(tokenizer.withSpecials(content, 0, kept).ids(), encoding.ids());
    assertEquals(content.length > kept, encoding.truncated());
    assertEquals(content.length + tokenizer.specials(), tokenizer.count(text));
  }

  @Property
  void aPairIsBothBeginningsWithTheirSpecials(
      @ForAll("texts") String first,
      @ForAll("texts") String second,
      @ForAll @IntRange(min = 3, max = 20) int max) {
    Encoding pair = tokenizer.encodePair(first, second, max);
    int[] alone = tokenizer.encode(first, pair.firstLength()).ids();
    int[] ids = pair.ids();
    int whole = tokenizer.count(first) + tokenizer.count(second) - 1;

    assertEquals(Math.min(whole, max), ids.length);
    assertEquals(whole > max, pair.truncated());
    assertArrayEquals(alone, Arrays.copyOf(ids, pair.firstLength()));
    int rest = ids.length - pair.firstLength();
    int[] behind = tokenizer.encode(second, rest + 1).ids();
    assertArrayEquals(
        Arrays.copyOfRange(behind, 1, behind.length),
        Arrays.copyOfRange(ids, pair.firstLength(), ids.length));
  }

  @Property
  void textsWithABlankBetweenThemAreTokenisedApart(
      @ForAll("texts") String first, @ForAll("texts") String second) {
    int[] a = tokenizer.contentIds(first);
    int[] b = tokenizer.contentIds(second);
    int[] expected = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, expected, a.length, b.length);
    assertArrayEquals(expected, tokenizer.contentIds(first + " " + second));
  }

  @Property
  void offsetsLieInTheText(
      @ForAll("texts") String text, @ForAll @IntRange(min = 2, max = 20) int max) {
    OffsetChecks.check(tokenizer, text, max);
    OffsetChecks.check(tokenizer, text, Integer.MAX_VALUE);
  }

  @Property
  void everyIdHasAToken(@ForAll("texts") String text) {
    for (int id : tokenizer.contentIds(text)) {
      assertTrue(!tokenizer.token(id).isEmpty());
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> words =
        Arbitraries.of("[CLS]", "[SEP]", "[MASK", "Roof", "é", "e\u0301", "\uD834\uDD5E", "字", "각");
    Arbitrary<String> anything =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT - 0x800)
            .map(i -> Character.toString(i < Character.MIN_SURROGATE ? i : i + 0x800));
    return Arbitraries.oneOf(
            words,
            anything,
            Arbitraries.strings().ascii().ofMaxLength(5),
            Arbitraries.of(" ", "\t"))
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }
}
