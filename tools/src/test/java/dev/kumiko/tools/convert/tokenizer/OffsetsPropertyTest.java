package dev.kumiko.tools.convert.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.tokenize.OffsetEncoding;
import dev.kumiko.tokenize.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** What holds for the offsets of every text, whichever the tokenizer. */
class OffsetsPropertyTest {
  private static final Map<String, Tokenizer> TOKENIZERS = new HashMap<>();

  @Property(tries = 20_000)
  void theyLieInTheTextAndTheIdsAreThoseOfEncode(
      @ForAll("tokenizers") String name,
      @ForAll("texts") String text,
      @ForAll @IntRange(min = 4, max = 40) int max)
      throws IOException {
    if (!TOKENIZERS.containsKey(name)) {
      TOKENIZERS.put(name, Resources.tokenizer(name));
    }
    Tokenizer tokenizer = TOKENIZERS.get(name);
    check(tokenizer, text, Integer.MAX_VALUE);
    check(tokenizer, text, max);
  }

  private static void check(Tokenizer tokenizer, String text, int max) {
    OffsetEncoding found = tokenizer.encodeWithOffsets(text, max);
    assertArrayEquals(tokenizer.encode(text, max).ids(), found.encoding().ids());
    int start = 0;
    for (int i = 0; i < found.length(); i++) {
      if (!found.special(i)) {
        assertTrue(start <= found.start(i));
        start = found.start(i);
        assertTrue(start <= found.end(i) && found.end(i) <= text.length());
        assertTrue(isBoundary(text, start) && isBoundary(text, found.end(i)));
      }
    }
  }

  private static boolean isBoundary(String text, int index) {
    return index == 0
        || index == text.length()
        || !Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
  }

  @Provide
  Arbitrary<String> tokenizers() {
    List<String> all = new ArrayList<>(Resources.all());
    all.addAll(Resources.PUBLISHED);
    return Arbitraries.of(all);
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> parts =
        Arbitraries.of(
            "[CLS]",
            "</s>",
            "<mask>",
            " <mask>",
            "<|endoftext|>",
            "<x>",
            "foobar",
            "'s",
            "'LL",
            "roof",
            "Straße",
            "e\u0301",
            "\uFB01\u0301",
            "s\u0323\u0307",
            "\u0915\u094D\u0937",
            "각",
            "\u1112\u1161\u11AB",
            "字",
            "🙂",
            "👨\u200D👩",
            "𝔘",
            "12345",
            "½",
            "\r\n",
            "  ",
            "\u3000",
            "▁",
            "\0",
            "\u0344",
            "\u302E",
            "ĳ",
            "İ");
    Arbitrary<String> anything =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT - 0x800)
            .map(i -> Character.toString(i < Character.MIN_SURROGATE ? i : i + 0x800));
    return Arbitraries.frequencyOf(
            Tuple.of(3, parts),
            Tuple.of(2, Arbitraries.of(" ", "\n", "\t")),
            Tuple.of(2, Arbitraries.strings().ascii().ofMaxLength(6)),
            Tuple.of(1, anything))
        .list()
        .ofMaxSize(10)
        .map(list -> String.join("", list));
  }
}
