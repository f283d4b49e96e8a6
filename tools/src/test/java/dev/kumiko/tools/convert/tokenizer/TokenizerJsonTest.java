package dev.kumiko.tools.convert.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.Json;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.OffsetTrimming;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerJsonTest {
  private String text;

  @BeforeEach
  void load() throws IOException {
    text = Files.readString(TestModels.resource("tiny-bert/tokenizer.json"));
    text = text.replaceAll("\\s+", " ");
  }

  private TokenizerJson.Tokenizer read() throws IOException {
    return TokenizerJson.read(Json.parse("tokenizer.json", text));
  }

  private void edit(String before, String after) {
    assertTrue(text.contains(before), before);
    text = text.replace(before, after);
  }

  @Test
  void readsEveryField() throws IOException {
    edit("\"max_input_chars_per_word\": 100", "\"max_input_chars_per_word\": 7");
    edit("\"continuing_subword_prefix\": \"##\"", "\"continuing_subword_prefix\": \"@\"");
    edit("\"clean_text\": true", "\"clean_text\": false");
    TokenizerDescription description = read().description();
    assertEquals(
        new TokenizerDescription(
            List.of(new NormalizerStep.Bert(false, true, true, true)),
            List.of(SplitStep.Simple.BERT),
            new TokenModel.WordPiece("@", 7, 1),
            SpecialTokens.bert(2, 3),
            description.addedTokens()),
        description);
    assertEquals(
        new AddedToken(4, "[MASK]", false, false, false, false, true),
        description.addedTokens().get(4));
    assertEquals("roof", token(18));
  }

  private String token(int id) throws IOException {
    TokenizerTables tables = read().tables();
    int from = tables.vocabularyOffsets()[id];
    int length = tables.vocabularyOffsets()[id + 1] - from;
    return new String(tables.vocabularyBytes(), from, length, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"null, true, true", "null, false, false", "true, false, true", "false, true, false"})
  void accentsFollowLowerCasing(String stripAccents, boolean lowercase, boolean expected)
      throws IOException {
    edit("\"strip_accents\": null", "\"strip_accents\": " + stripAccents);
    edit("\"lowercase\": true", "\"lowercase\": " + lowercase);
    assertEquals(
        List.of(new NormalizerStep.Bert(true, true, expected, lowercase)),
        read().description().normalizers());
  }

  @Test
  void keepsAddedTokensBesideTheModels() throws IOException {
    edit(
        "\"added_tokens\": [",
        "\"added_tokens\": [ { \"id\": 30, \"content\": \"<new>\", \"single_word\": true, "
            + "\"lstrip\": true, \"rstrip\": true, \"normalized\": true, \"special\": false },");
    assertEquals(31, read().ids());
    assertEquals(24, read().tables().tokens());
    assertEquals(
        new AddedToken(30, "<new>", true, true, true, true, false),
        read().description().addedTokens().get(0));
  }

  @Test
  void anIdMayBeLeftOutForAnAddedToken() throws IOException {
    edit("\"[MASK]\": 4, ", "");
    assertEquals("", token(4));
    assertEquals(24, read().tables().tokens());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'trim_offsets': true, 'add_prefix_space': false  | ALL",
        "'trim_offsets': true, 'add_prefix_space': true   | ALL_BUT_FIRST",
        "'trim_offsets': false, 'add_prefix_space': true  | NONE",
        "'add_prefix_space': false                        | ALL",
        "'trim_offsets': true                             | ALL_BUT_FIRST",
      })
  void offsetsAreTrimmedAsAStepBehindTheModelSays(String flags, OffsetTrimming expected)
      throws IOException {
    assertEquals(OffsetTrimming.NONE, read().description().trimming());
    SpecialTokens specials = read().description().specialTokens();
    String last = "{ \"type\": \"BertProcessing\"";
    int from = text.indexOf(last);
    int to = text.indexOf("}", from) + 1;
    String bytes = "{'type': 'ByteLevel', " + flags + "}";
    String both = "{'type': 'Sequence', 'processors': [" + bytes + "," + text.substring(from, to);
    text = text.substring(0, from) + both.replace('\'', '"') + "]}" + text.substring(to);
    assertEquals(expected, read().description().trimming());
    assertEquals(specials, read().description().specialTokens());
  }

  @Test
  void takesATemplate() throws IOException {
    template("A", "0");
    assertEquals(SpecialTokens.bert(2, 3), read().description().specialTokens());
  }

  private void template(String sequence, String type) {
    String cls = "{\"SpecialToken\": {\"id\": \"[CLS]\", \"type_id\": 0}}";
    String sep = "{\"SpecialToken\": {\"id\": \"[SEP]\", \"type_id\": %s}}";
    String part = "{\"Sequence\": {\"id\": \"%s\", \"type_id\": %s}}";
    String template =
        ("{\"type\": \"TemplateProcessing\", \"single\": [%s, %s, %s], "
                + "\"pair\": [%s, %s, %s, %s, %s], \"special_tokens\": {"
                + "\"[CLS]\": {\"id\": \"[CLS]\", \"ids\": [2], \"tokens\": [\"[CLS]\"]}, "
                + "\"[SEP]\": {\"id\": \"[SEP]\", \"ids\": [3], \"tokens\": [\"[SEP]\"]}}}")
            .formatted(
                cls,
                part.formatted(sequence, type),
                sep.formatted("0"),
                cls,
                part.formatted("A", "0"),
                sep.formatted("0"),
                part.formatted("B", "1"),
                sep.formatted("1"));
    int from = text.indexOf("{ \"type\": \"BertProcessing\"");
    text = text.substring(0, from) + template + text.substring(text.indexOf("}", from) + 1);
  }

  @Test
  void refusesTypesThatDecrease() {
    template("A", "1");
    assertEquals(
        "tokenizer.json: post_processor is not supported: single is [2:0, $A:1, 3:0]; "
            + "token types must be 0, and from some piece on 1",
        assertThrows(ModelFormatException.class, this::read).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"type\": \"WordPiece\" | \"type\": \"WordLevel\""
            + " | model.type is \"WordLevel\"; Kumiko supports WordPiece, Unigram and BPE",
        "BertNormalizer | ByteLevel | normalizer.type is \"ByteLevel\"; Kumiko supports BertNor",
        "BertPreTokenizer | UnicodeScripts"
            + " | pre_tokenizer.type is \"UnicodeScripts\"; Kumiko supports BertPreTokenizer,",
        "BertProcessing | OtherProcessing"
            + " | post_processor.type is \"OtherProcessing\"; Kumiko supports BertProcessing,",
        "\"vocab\" | \"words\" | model.vocab is missing",
        "\"[SEP]\", 3 ] | \"[SEP]\", 4 ]"
            + " | post_processor.sep[1] is 4 for [SEP], whose id in the vocabulary is 3",
        "\"unk_token\": \"[UNK]\" | \"unk_token\": \"<unk>\""
            + " | model.unk_token is <unk>, which is not in the vocabulary",
        "\"of\": 21 | \"of\": 2000000000 | model.vocab has 24 tokens, but ids up to 2000000000",
        "\"of\": 21 | \"of\": -1 | model.vocab gives of the id -1",
        "\"of\": 21 | \"of\": 20 | model.vocab gives of the id 20, which",
        "\"id\": 4, | \"id\": 5, | added_tokens[4] gives [MASK] the id 5, in the vocabulary it has 4",
        "\"content\": \"[MASK]\" | \"content\": \"[M]\" | gives [M] the id 4, which [MASK] has",
      })
  void refusesByComponent(String before, String after, String message) {
    edit(before, after);
    assertRefused(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"dropout\":null' | '\"dropout\":0.1' | model.dropout is 0.1; Kumiko does not tokenise at random",
        "'[\"h\",\"e\"]' | '[\"h\",\"qq\"]' | model.merges[2] is qq, which is not in the vocabulary",
        "'[\"h\",\"e\"]' | '[\"h\",\"e\",\"r\"]' | model.merges[2] has 3 items, expected 2",
        "'[\"h\",\"e\"]' | '\"h e r\"' | model.merges[2] has 3 parts, expected 2",
        "'[\"h\",\"e\"]' | '[\"Ġ\",\"t\"]'"
            + " | model.merges[2] is Ġ t, as is merges[0]; Kumiko does not support duplicate merges",
        "'\"Isolated\"' | '\"Glued\"' | behavior is \"Glued\"; Kumiko supports Removed, Isolated,",
        "'(?i:' | '(?<x>' | Kumiko does not support that",
        "'|\\\\s+(?!' | '|\\\\s*(?!' | also matches the empty text",
        "'\"NFC\"' | '\"Nmt\"' | normalizer.type is \"Nmt\"; Kumiko supports BertNormalizer, NFC,",
        "'\"id\":\"B\"' | '\"id\":\"C\"' | id is \"C\"; Kumiko supports the sequences A and B",
        "'\"ids\":[0]' | '\"ids\":[0,1]' | has 2 ids, but 1 tokens",
      })
  void refusesPartsOfBytePairs(String before, String after, String message) throws IOException {
    useFixture("qwen3-lasttoken");
    int at = text.indexOf(before);
    assertTrue(at >= 0, before);
    text = text.substring(0, at) + after + text.substring(at + before.length());
    assertRefused(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"unk_id\":3' | '\"unk_id\":null' | model is a Unigram without unk_id; Kumiko needs one",
        "'\"unk_id\":3' | '\"unk_id\":3002' | model.unk_id is 3002, but the ids are 0 to 3001",
        "'[\"<pad>\",0.0]' | '[\"<s>\",0.0]' | model.vocab has <s> twice: ids 0 and 1",
        "'[\"<pad>\",0.0]' | '[\"<pad>\",1e999]' | model.vocab[1][1] is Infinity",
        "'[\"<pad>\",0.0]' | '[\"<pad>\"]' | model.vocab[1] has 1 items, expected 2",
        "'charsmap\":\"' | 'charsmap\":\"!' | precompiled_charsmap is not Base64",
        "'charsmap\":\"AL' | 'charsmap\":\"/x' | tokenizer.character_map: character map has a trie of",
        "'\"always\"' | '\"first\"'"
            + " | which Kumiko supports behind NFC, NFD, NFKC, NFKD and Lowercase only, not behind Precompiled",
        "'\"always\"' | '\"last\"' | prepend_scheme is \"last\"; Kumiko supports always, first and never",
        "' {2,}' | '' | pattern.Regex is empty, so that it is found everywhere",
      })
  void refusesPartsOfUnigrams(String before, String after, String message) throws IOException {
    useFixture("xlmr-unigram");
    edit(before, after);
    assertRefused(message);
  }

  private void useFixture(String name) throws IOException {
    text = Files.readString(TestModels.resource("fixtures/" + name + "/tokenizer.json"));
    text = text.replaceAll("(?m)^ +", "").replace("\n", "").replace("\": ", "\":");
  }

  private void assertRefused(String message) {
    String found = assertThrows(ModelFormatException.class, this::read).getMessage();
    assertTrue(found.startsWith("tokenizer.json: ") && found.contains(message), found);
  }
}
