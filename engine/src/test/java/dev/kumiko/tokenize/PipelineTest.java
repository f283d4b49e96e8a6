package dev.kumiko.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TextPattern;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.model.ModelFormatException;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Steps put together. */
class PipelineTest {
  private static final String[] WORDS = {
    "[UNK]", "[CLS]", "[SEP]", "roof", "ro", "##of", "##s", "é", "e", "字", ",", "b", "##a", "1"
  };
  private static final AddedToken[] ADDED = {
    new AddedToken(20, "[MASK]", false, true, false, false, true),
    new AddedToken(21, "Bär", true, false, false, true, false)
  };
  private static final SpecialTokens NONE =
      new SpecialTokens(
          List.of(Piece.first(0)), List.of(Piece.first(0), Piece.second(1), Piece.token(2, 1)));

  private final Tokenizer fused =
      Vocabularies.tokenizer(Vocabularies.description(10, ADDED), WORDS);

  /** The same steps, behind one that changes nothing, so that the fast way is not taken. */
  private final Tokenizer pipeline = pipelineOf(Vocabularies.description(10, ADDED));

  private static Tokenizer pipelineOf(TokenizerDescription bert) {
    return Vocabularies.tokenizer(
        new TokenizerDescription(
            List.of(new NormalizerStep.Prepend(""), bert.normalizers().getFirst()),
            bert.splits(),
            bert.model(),
            bert.specialTokens(),
            bert.addedTokens()),
        WORDS);
  }

  @Property
  void theFastWayGivesWhatTheStepsGive(@ForAll("texts") String text) {
    assertArrayEquals(pipeline.contentIds(text), fused.contentIds(text));
    assertArrayEquals(pipeline.encode(text, 5).ids(), fused.encode(text, 5).ids());
    assertEquals(pipeline.count(text), fused.count(text));
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> parts =
        Arbitraries.of(
            "Roofs",
            "roof",
            "é",
            "E\u0301",
            "字",
            ",",
            " ",
            "\t",
            "[MASK]",
            "bär",
            "BÄR",
            "b",
            "a",
            "1",
            "\u0000",
            "\uD83D\uDE42",
            "xxxxxxxxxxx",
            "\u1100\u1161");
    return parts.list().ofMaxSize(12).map(list -> String.join("", list));
  }

  @Test
  void aTemplateMayHaveNoSpecialsAtAll() throws ModelFormatException {
    Tokenizer tokenizer = bytePairs(NONE, List.of(), List.of());
    assertArrayEquals(new int[] {4, 3}, tokenizer.encode("abc", 9).ids());
    assertEquals(0, tokenizer.specials());
    Encoding pair = tokenizer.encodePair("ab", "c", 9);
    assertArrayEquals(new int[] {4, 3, 2}, pair.ids());
    assertArrayEquals(new int[] {0, 1, 1}, pair.typeIds());
    assertEquals(1, tokenizer.pairSpecials());
    assertArrayEquals(new int[] {}, tokenizer.encode("abc", 0).ids());
    assertTrue(tokenizer.encode("abc", 0).truncated());
  }

  private static Tokenizer bytePairs(
      SpecialTokens specials, List<NormalizerStep> normalizers, List<SplitStep> splits)
      throws ModelFormatException {
    TokenModel model = new TokenModel.Bpe(OptionalInt.empty(), "", "", false, false, false);
    return Tokenizers.of(
        new TokenizerDescription(normalizers, splits, model, specials, List.of()),
        TokenizerTables.of(
            "a test",
            List.of("a", "b", "[SEP]", "c", "ab"),
            new double[0],
            new int[] {0, 1, 4},
            new byte[0]));
  }

  @Test
  void stepsAreTakenInTheirOrder() throws ModelFormatException {
    NormalizerStep lower = NormalizerStep.Simple.LOWERCASE;
    NormalizerStep replace = new NormalizerStep.Replace(new TextPattern(false, "X"), "a");
    assertArrayEquals(
        new int[] {4}, bytePairs(NONE, List.of(replace, lower), List.of()).contentIds("XB"));
    assertArrayEquals(
        new int[] {1}, bytePairs(NONE, List.of(lower, replace), List.of()).contentIds("XB"));
    SplitStep isolated =
        new SplitStep.Split(new TextPattern(true, "[b-c]"), SplitStep.Behavior.ISOLATED, false);
    assertArrayEquals(
        new int[] {0, 1, 3}, bytePairs(NONE, List.of(), List.of(isolated)).contentIds("abc"));
  }

  @Test
  void blamesTheTensor() {
    TokenModel unigram = new TokenModel.Unigram(0, false);
    assertRefused(
        unigram,
        List.of("a", "b"),
        new double[] {1},
        new int[0],
        TokenizerDescription.SCORES,
        "there are 1 scores, but the vocabulary has 2 tokens");
    assertRefused(
        unigram,
        List.of("a"),
        new double[] {Double.NaN},
        new int[0],
        TokenizerDescription.SCORES,
        "piece 0 has score NaN");
    assertRefused(
        new TokenModel.Unigram(2, false),
        List.of("a", "b"),
        new double[2],
        new int[0],
        TokenizerDescription.SCORES,
        "the unknown token has id 2, but the vocabulary has 2 tokens");
    assertRefused(
        unigram,
        List.of("a", "x".repeat(5000)),
        new double[2],
        new int[0],
        TokenizerDescription.SCORES,
        "vocabulary has a piece of 5000 bytes, more than 4096");
    TokenModel bpe = new TokenModel.Bpe(OptionalInt.of(1), "", "", false, false, false);
    assertRefused(
        bpe,
        List.of("a", "b"),
        new double[0],
        new int[] {0, 1, 2},
        TokenizerDescription.MERGES,
        "merge 0 has id 2, but the vocabulary has 2 tokens");
    assertRefused(
        bpe,
        List.of("a", "b"),
        new double[0],
        new int[] {0, 1, 1, 0, 1, 1},
        TokenizerDescription.MERGES,
        "merges 0 and 1 are of the same tokens, 0 and 1");
    assertRefused(
        new TokenModel.Bpe(OptionalInt.of(2), "", "", false, false, false),
        List.of("a", "b"),
        new double[0],
        new int[0],
        TokenizerDescription.MERGES,
        "the unknown token has id 2, but the vocabulary has 2 tokens");
    assertRefused(
        bpe,
        List.of("a", "a"),
        new double[0],
        new int[0],
        TokenizerDescription.VOCABULARY,
        "vocabulary has the token \"a\" twice: ids 0 and 1");
  }

  private static void assertRefused(
      TokenModel model,
      List<String> tokens,
      double[] scores,
      int[] merges,
      String tensor,
      String problem) {
    SpecialTokens plain =
        new SpecialTokens(List.of(Piece.first(0)), List.of(Piece.first(0), Piece.second(0)));
    TokenizerDescription description =
        new TokenizerDescription(List.of(), List.of(), model, plain, List.of());
    ModelFormatException e =
        assertThrows(
            ModelFormatException.class,
            () ->
                Tokenizers.of(
                    description,
                    TokenizerTables.of("a test", tokens, scores, merges, new byte[0])));
    assertEquals("a test: " + tensor + ": " + problem, e.getMessage());
    assertEquals(tensor, e.tensor());
  }
}
