package dev.kumiko.tools.convert.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.kumiko.tokenize.OffsetEncoding;
import dev.kumiko.tokenize.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Hugging Face tokenizers itself, through DJL's binding, on random texts: 2,000 times 50 for each
 * tokenizer, ids and offsets.
 *
 * <p>The binding has version 0.21.4 of the library, whose Unicode tables are of version 16 where
 * those of 0.23.2, which Kumiko follows, are of 17. What differs is left out of the texts.
 */
class HuggingFacePropertyTest {
  private static final int TRIES = 2_000;
  private static final int TEXTS = 50;

  /** What joins characters into one cluster in Unicode 17 but not in 16, or the other way round. */
  private static final Set<Integer> JOINING =
      Set.of(
          0x200D, 0x1039, 0x17D2, 0x1A60, 0x1B44, 0x1BAB, 0xA9C0, 0xAAF6, 0x10A3F, 0x11133, 0x113D0,
          0x1193E, 0x11A47, 0x11A99, 0x11F42, 0x11720, 0x11721, 0x11A3A);

  private static final Map<String, HuggingFaceTokenizer> REFERENCES = new HashMap<>();
  private static final Map<String, Tokenizer> TOKENIZERS = new HashMap<>();

  static {
    // The native library comes out of the JAR.
    System.setProperty("ai.djl.offline", "true");
  }

  @AfterContainer
  static void close() {
    REFERENCES.values().forEach(HuggingFaceTokenizer::close);
    REFERENCES.clear();
  }

  private static void check(String name, List<String> texts) throws IOException {
    if (!TOKENIZERS.containsKey(name)) {
      TOKENIZERS.put(name, Resources.tokenizer(name));
      try (InputStream in = Resources.open(Resources.place(name))) {
        Map<String, String> options = Map.of("truncation", "false", "padding", "false");
        REFERENCES.put(name, HuggingFaceTokenizer.newInstance(in, options));
      }
    }
    for (String text : texts) {
      Encoding expected = REFERENCES.get(name).encode(text, true, false);
      OffsetEncoding found = TOKENIZERS.get(name).encodeWithOffsets(text, Integer.MAX_VALUE);
      int[] ids = TOKENIZERS.get(name).encode(text, Integer.MAX_VALUE).ids();
      assertArrayEquals(
          expected.getIds(), Arrays.stream(ids).asLongStream().toArray(), () -> name + ": " + text);
      assertArrayEquals(ids, found.encoding().ids(), () -> name + ": " + text);
      check(name, text, expected.getCharTokenSpans(), found);
    }
  }

  private static void check(String name, String text, CharSpan[] expected, OffsetEncoding found) {
    for (int i = 0; i < expected.length; i++) {
      int token = i;
      assertEquals(expected[i] == null, found.special(i), () -> name + ": " + text);
      if (expected[i] != null) {
        int[] span = {
          text.offsetByCodePoints(0, expected[i].getStart()),
          text.offsetByCodePoints(0, expected[i].getEnd())
        };
        assertArrayEquals(
            span,
            new int[] {found.start(i), found.end(i)},
            () -> "%s: token %d of %s".formatted(name, token, text));
      }
    }
  }

  @Property(tries = TRIES)
  void uncasedWordPiece(@ForAll("texts") List<String> texts) throws IOException {
    check("distilbert", texts);
  }

  @Property(tries = TRIES)
  void casedWordPiece(@ForAll("texts") List<String> texts) throws IOException {
    check("labse", texts);
  }

  @Property(tries = TRIES)
  void byteLevelBytePairs(@ForAll("texts") List<String> texts) throws IOException {
    check("roberta", texts);
  }

  @Property(tries = TRIES)
  void bytePairsBehindARegularExpression(@ForAll("texts") List<String> texts) throws IOException {
    check("qwen3-lasttoken", texts);
  }

  @Property(tries = TRIES)
  void unigramWithCompiledNormalization(@ForAll("texts") List<String> texts) throws IOException {
    check("xlmr-unigram", texts);
  }

  @Property(tries = TRIES)
  void publishedEnglishWordPiece(@ForAll("texts") List<String> texts) throws IOException {
    check("bge-small-en-v1.5", texts);
  }

  @Property(tries = TRIES)
  void publishedChineseWordPiece(@ForAll("texts") List<String> texts) throws IOException {
    check("bge-small-zh-v1.5", texts);
  }

  @Provide
  Arbitrary<List<String>> texts() {
    Arbitrary<String> words =
        Arbitraries.of(
            "[CLS]",
            "</s>",
            "<mask>",
            "<|endoftext|>",
            "'s",
            "'LL",
            "don't",
            "roof",
            "Straße",
            "e\u0301",
            "\uFB01\u0301",
            "\u0915\u094D\u0937",
            "각",
            "\u1112\u1161\u11AB",
            "字",
            "🙂",
            "12345",
            "½",
            "...",
            "\r\n",
            "  ",
            "\u3000",
            "▁",
            "ประโยค",
            "при",
            "\u00A0\u0301");
    Arbitrary<String> blanks = Arbitraries.of(" ", " ", "\n", "\t");
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, words),
            net.jqwik.api.Tuple.of(3, blanks),
            net.jqwik.api.Tuple.of(2, characters(0x20, 0x7E)),
            net.jqwik.api.Tuple.of(2, characters(0, 0x2FFF)),
            net.jqwik.api.Tuple.of(1, characters(0x3000, Character.MAX_CODE_POINT)))
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts))
        .list()
        .ofSize(TEXTS);
  }

  private static Arbitrary<String> characters(int first, int last) {
    return Arbitraries.integers()
        .between(first, last)
        .filter(
            c ->
                Character.getType(c) != Character.UNASSIGNED
                    && Character.getType(c) != Character.SURROGATE
                    && !JOINING.contains(c))
        .map(Character::toString);
  }
}
