package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.format.TokenModel.LengthUnit;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The tokenizer in the metadata: steps of every kind come back, and what is wrong is named. */
class TokenizerDescriptionTest {
  private static final SpecialTokens SPECIALS =
      new SpecialTokens(
          List.of(Piece.first(0), Piece.token(3, 0)),
          List.of(Piece.first(0), Piece.second(1), Piece.token(3, 1)));

  @TempDir Path directory;

  static Stream<TokenModel> models() {
    return Stream.of(
        new TokenModel.WordPiece("##", 100, 1),
        new TokenModel.WordPiece("##", 100, LengthUnit.BYTES, 1),
        new TokenModel.Unigram(2, true),
        new TokenModel.Unigram(2, false),
        new TokenModel.Bpe(OptionalInt.of(3), "##", "</w>", true, false, true),
        new TokenModel.Bpe(OptionalInt.empty(), "", "", false, true, false));
  }

  private static TokenizerDescription everyStep(TokenModel model) {
    return new TokenizerDescription(
        List.of(
            new NormalizerStep.Bert(true, false, true, false),
            NormalizerStep.Form.NFC,
            NormalizerStep.Form.NFKD,
            NormalizerStep.Simple.LOWERCASE,
            NormalizerStep.Simple.STRIP_ACCENTS,
            new NormalizerStep.Strip(true, false),
            new NormalizerStep.Replace(new TextPattern(true, " {2,}"), " "),
            new NormalizerStep.Replace(new TextPattern(false, "``"), ""),
            new NormalizerStep.Prepend("▁"),
            NormalizerStep.Simple.PRECOMPILED,
            NormalizerStep.Simple.DROP_CONTROLS),
        List.of(
            SplitStep.Simple.BERT,
            SplitStep.Simple.WHITESPACE,
            SplitStep.Simple.WHITESPACE_SPLIT,
            new SplitStep.Punctuation(SplitStep.Behavior.CONTIGUOUS),
            new SplitStep.Digits(true),
            new SplitStep.Metaspace("▁", SplitStep.Prepend.ALWAYS, false),
            new SplitStep.ByteLevel(true, false),
            new SplitStep.Split(
                new TextPattern(true, "\\s+"), SplitStep.Behavior.MERGED_WITH_NEXT, true),
            new SplitStep.Split(new TextPattern(false, "-"), SplitStep.Behavior.REMOVED, false),
            SplitStep.Simple.SCRIPT,
            SplitStep.Simple.CHARACTERS),
        model,
        SPECIALS,
        List.of());
  }

  private static ModelDescription with(TokenizerDescription tokenizer) {
    ModelDescription good = Descriptions.description();
    return new ModelDescription(
        good.name(),
        good.source(),
        good.architecture(),
        good.head(),
        good.similarity(),
        good.maxTokens(),
        good.prompts(),
        good.defaultPrompt(),
        tokenizer,
        good.classifier());
  }

  private ModelDescription read(Map<String, String> metadata) throws IOException {
    Path path = directory.resolve("m.safetensors");
    new ModelWriter(path).metadata(metadata).write();
    try (ModelFile file = ModelFile.open(path)) {
      return ModelDescription.of(file);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void comesBack(TokenModel model) throws IOException {
    ModelDescription description = with(everyStep(model));
    assertEquals(description, read(description.toMetadata()));
  }

  @ParameterizedTest
  @EnumSource
  void trimmingComesBack(OffsetTrimming trimming) throws IOException {
    TokenizerDescription all = everyStep(new TokenModel.Unigram(2, true));
    ModelDescription description =
        with(
            new TokenizerDescription(
                all.normalizers(),
                all.splits(),
                all.model(),
                all.specialTokens(),
                all.addedTokens(),
                true,
                trimming));
    Map<String, String> metadata = description.toMetadata();
    assertEquals(description, read(metadata));
    String json = metadata.get("kumiko.tokenizer");
    assertEquals(trimming != OffsetTrimming.NONE, json.contains("trim_offsets"), json);
    if (trimming != OffsetTrimming.NONE) {
      metadata.put("kumiko.tokenizer", json.replace("\"all", "\"most"));
      ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
      assertTrue(e.getMessage().contains("trim_offsets is \"most"), e.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyMemberIsNeeded(TokenModel model) {
    Map<String, String> good = with(everyStep(model)).toMetadata();
    String json = good.get("kumiko.tokenizer");
    int members = 0;
    for (int i = json.indexOf("\":"); i >= 0; i = json.indexOf("\":", i + 1)) {
      Map<String, String> metadata = with(everyStep(model)).toMetadata();
      metadata.put("kumiko.tokenizer", json.substring(0, i) + "_" + json.substring(i));
      ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
      assertTrue(e.getMessage().contains("kumiko.tokenizer: "), e.getMessage());
      members++;
    }
    assertTrue(members > 40, members + " members");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"nfc\"            | \"nfx\"         | normalizers[1].type is no normalizer of this Kumiko: nfx",
        "\"byte_level\"     | \"bytes\"       | splits[6].type is no way to split of this Kumiko: bytes",
        "\"drop_controls\"  | \"drop_marks\"  | normalizers[10].type is no normalizer of this Kumiko: drop_marks",
        "\"script\"         | \"scripts\"     | splits[9].type is no way to split of this Kumiko: scripts",
        "\"characters\"}    | \"characters\",\"of\":\"han\"} | splits[10].of is unknown to this Kumiko",
        "\"unigram\"        | \"lattice\"     | model.type is no model of this Kumiko: lattice",
        "\"contiguous\"     | \"glued\"       | behavior is \"glued\", this Kumiko knows: removed,",
        "\"second\"         | \"third\"       | pair[1].text is third, not first or second",
        "\"id\":3           | \"id\":30       | single[1].id is 30, but the vocabulary has ids from 0 to 29",
        "unknown_id\":2     | unknown_id\":-1 | unknown_id is -1, but the vocabulary has ids from 0",
        "replacement\":\"▁  | replacement\":\"▁▁ | metaspace's replacement is \"▁▁\", but must be one",
        "\"text\":\"``\"    | \"text\":\"\"   | a replace step looks for nothing",
        "\"text\":\"-\"     | \"text\":\"\"   | a split step looks for nothing",
        "\"strip_accents\"} | \"precompiled\"} | has 2 precompiled steps, but there is one character map",
        "\"always\"         | \"first\"       | not behind Bert",
      })
  void aBadMemberIsRefused(String good, String bad, String message) {
    Map<String, String> metadata = with(everyStep(new TokenModel.Unigram(2, true))).toMetadata();
    String json = metadata.get("kumiko.tokenizer");
    assertTrue(json.contains(good), json);
    metadata.put("kumiko.tokenizer", json.replace(good, bad));
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void theLongestWordIsStatedInOneUnit() {
    String points = tokenizer(new TokenModel.WordPiece("##", 100, 1));
    assertTrue(points.contains("\"max_input_chars_per_word\":100,"), points);
    String bytes = tokenizer(new TokenModel.WordPiece("##", 100, LengthUnit.BYTES, 1));
    assertEquals(points.replace("max_input_chars_per_word", "max_bytes_per_word"), bytes);
    assertRefused(
        bytes.replace("\"max_bytes", "\"max_input_chars_per_word\":100,\"max_bytes"),
        "model.max_input_chars_per_word is unknown to this Kumiko");
    assertRefused(
        bytes.replace("max_bytes_per_word\":100", "max_bytes_per_word\":0"),
        "max_bytes_per_word is 0, but must be at least 1");
    assertRefused(
        points.replace("per_word\":100", "per_word\":0"),
        "max_input_chars_per_word is 0, but must be at least 1");
  }

  private static String tokenizer(TokenModel model) {
    return with(everyStep(model)).toMetadata().get("kumiko.tokenizer");
  }

  private void assertRefused(String tokenizer, String message) {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    metadata.put("kumiko.tokenizer", tokenizer);
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void templatesThatNoEncodingCanHoldAreRefused() {
    assertProblem(
        "single is [3:0]; its texts must be $A, each once",
        new SpecialTokens(List.of(Piece.token(3, 0)), SPECIALS.pair()));
    assertProblem(
        "pair is [$B:0, $A:0]; its texts must be $A and then $B, each once",
        new SpecialTokens(SPECIALS.single(), List.of(Piece.second(0), Piece.first(0))));
    assertProblem(
        "pair is [$A:1, $B:0]; token types must be 0, and from some piece on 1",
        new SpecialTokens(SPECIALS.single(), List.of(Piece.first(1), Piece.second(0))));
    assertProblem(
        "single is [$A:2]; token types must be 0, and from some piece on 1",
        new SpecialTokens(List.of(Piece.first(2)), SPECIALS.pair()));
    assertTrue(SPECIALS.problem().isEmpty());
  }

  private static void assertProblem(String problem, SpecialTokens specials) {
    assertEquals(problem, specials.problem().orElseThrow());
  }

  @Test
  void theFirstWordIsToldOnlyBehindStepsThatKeepTheBeginning() {
    SplitStep first = new SplitStep.Metaspace("▁", SplitStep.Prepend.FIRST, true);
    assertTrue(written(NormalizerStep.Simple.LOWERCASE, first).isEmpty());
    assertTrue(
        written(NormalizerStep.Simple.LOWERCASE, SplitStep.Simple.WHITESPACE, first).isEmpty());
    assertTrue(written(new NormalizerStep.Prepend("x"), first).endsWith("not behind Prepend"));
    assertTrue(
        written(NormalizerStep.Simple.LOWERCASE, new SplitStep.ByteLevel(true, true), first)
            .endsWith("does not support behind ByteLevel"));
  }

  @Test
  void stepsThatMakeTooMuchOfATextAreRefused() {
    SplitStep words = SplitStep.Simple.BERT;
    NormalizerStep doubling = replace(false, "a", "aa");
    assertTrue(written(Collections.nCopies(8, doubling), words).isEmpty());
    assertTrue(
        written(Collections.nCopies(40, doubling), words)
            .contains("normalizers[31] and the 8 behind it can make 512 characters of one"));
    NormalizerStep lowercase = NormalizerStep.Simple.LOWERCASE;
    NormalizerStep chinese = new NormalizerStep.Bert(true, true, false, false);
    NormalizerStep precompiled = NormalizerStep.Simple.PRECOMPILED;
    NormalizerStep capitals = replace(false, "a", "AA");
    NormalizerStep anything = replace(true, ".", "xx");
    NormalizerStep blank = replace(false, " ", "中");
    assertRefused(repeated(20, capitals, lowercase));
    assertRefused(repeated(10, anything));
    assertRefused(repeated(10, replace(false, "a", "bb"), replace(false, "b", "a  a")));
    assertRefused(repeated(20, blank, chinese));
    assertRefused(repeated(1, repeated(5, doubling), precompiled, repeated(5, doubling)));
    assertRefused(List.of(replace(false, "a", "b".repeat(257))));
    assertRefused(List.of(replace(true, " +", "b".repeat(257))));
  }

  @Test
  void stepsThatTextsNeedAreTaken() {
    SplitStep words = SplitStep.Simple.BERT;
    List<NormalizerStep> emoji = new ArrayList<>();
    for (int c = 0x1F600; c < 0x1F640; c++) {
      emoji.add(replace(false, Character.toString(c), " :a_face_that_grins: "));
    }
    NormalizerStep blanks = replace(true, " {2,}", " ");
    NormalizerStep lowercase = NormalizerStep.Simple.LOWERCASE;
    NormalizerStep precompiled = NormalizerStep.Simple.PRECOMPILED;
    List<NormalizerStep> steps =
        repeated(1, emoji, blanks, precompiled, lowercase, replace(false, " ", "▁"), blanks);
    assertEquals("", written(steps, words));
    assertEquals("", written(repeated(50, replace(false, "``", "\""), blanks), words));
    assertEquals("", written(List.of(replace(false, "a", "b".repeat(256))), words));
  }

  @Test
  void bytesAreSpeltOnce() {
    SplitStep bytes = new SplitStep.ByteLevel(false, false);
    assertEquals("", written(List.of(), bytes));
    assertTrue(written(List.of(), bytes, bytes).contains("has 2 byte_level steps"));
    SplitStep[] many = Collections.nCopies(101, SplitStep.Simple.BERT).toArray(SplitStep[]::new);
    assertTrue(written(List.of(), many).contains("has 101 splits; Kumiko allows 100"));
  }

  private static NormalizerStep replace(boolean regex, String pattern, String content) {
    return new NormalizerStep.Replace(new TextPattern(regex, pattern), content);
  }

  /** Takes steps and lists of steps. */
  private static List<NormalizerStep> repeated(int times, Object... steps) {
    List<NormalizerStep> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      for (Object step : steps) {
        if (step instanceof NormalizerStep one) {
          all.add(one);
        } else {
          ((List<?>) step).forEach(one -> all.add((NormalizerStep) one));
        }
      }
    }
    return all;
  }

  private static void assertRefused(List<NormalizerStep> normalizers) {
    String problem = written(normalizers, SplitStep.Simple.BERT);
    assertTrue(problem.contains("characters of one; Kumiko allows 256"), problem);
  }

  private static String written(NormalizerStep normalizer, SplitStep... splits) {
    return written(List.of(normalizer), splits);
  }

  private static String written(List<NormalizerStep> normalizers, SplitStep... splits) {
    TokenizerDescription tokenizer =
        new TokenizerDescription(
            normalizers, List.of(splits), new TokenModel.Unigram(0, false), SPECIALS, List.of());
    try {
      with(tokenizer).toMetadata();
      return "";
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}
