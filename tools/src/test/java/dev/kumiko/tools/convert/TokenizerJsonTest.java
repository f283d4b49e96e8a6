package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TokenizerDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
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
            false, true, true, true, "@", 7, 1, 2, 3, description.addedTokens()),
        description);
    assertEquals(
        new AddedToken(4, "[MASK]", false, false, false, false, true),
        description.addedTokens().get(4));
    assertEquals("roof", read().tokens().get(18));
  }

  @ParameterizedTest
  @CsvSource({"null, true, true", "null, false, false", "true, false, true", "false, true, false"})
  void accentsFollowLowerCasing(String stripAccents, boolean lowercase, boolean expected)
      throws IOException {
    edit("\"strip_accents\": null", "\"strip_accents\": " + stripAccents);
    edit("\"lowercase\": true", "\"lowercase\": " + lowercase);
    assertEquals(expected, read().description().stripAccents());
  }

  @Test
  void appendsAddedTokensBehindTheModels() throws IOException {
    edit(
        "\"added_tokens\": [",
        "\"added_tokens\": [ { \"id\": 24, \"content\": \"<new>\", \"single_word\": true, "
            + "\"lstrip\": true, \"rstrip\": true, \"normalized\": true, \"special\": false },");
    assertEquals("<new>", read().tokens().get(24));
    assertEquals(
        new AddedToken(24, "<new>", true, true, true, true, false),
        read().description().addedTokens().get(0));
  }

  @Test
  void storesTheVocabularyAsBytes() throws IOException {
    TokenizerJson.Tokenizer tokenizer = new TokenizerJson.Tokenizer(null, List.of("a", "é", "##b"));
    assertEquals(6, tokenizer.bytes().length);
    assertEquals(List.of(0, 1, 3, 6), Arrays.stream(tokenizer.offsets()).boxed().toList());
  }

  @Test
  void takesATemplate() throws IOException {
    template("A", "0");
    TokenizerDescription description = read().description();
    assertEquals(2, description.clsId());
    assertEquals(3, description.sepId());
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
  void refusesAnotherTemplate() {
    template("A", "1");
    assertEquals(
        "tokenizer.json: post_processor.single is [CLS]:0 $A:1 [SEP]:0; "
            + "Kumiko supports [CLS]:0 $A:0 [SEP]:0",
        assertThrows(ModelFormatException.class, this::read).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"type\": \"WordPiece\" | \"type\": \"BPE\" | model.type is BPE; Kumiko supports WordPiece",
        "\"type\": \"WordPiece\" | \"type\": \"Unigram\" | model.type is Unigram;",
        "BertNormalizer | Precompiled"
            + " | normalizer.type is Precompiled; Kumiko supports BertNormalizer",
        "BertPreTokenizer | ByteLevel"
            + " | pre_tokenizer.type is ByteLevel; Kumiko supports BertPreTokenizer",
        "BertProcessing | RobertaProcessing"
            + " | post_processor.type is RobertaProcessing; Kumiko supports TemplateProcessing",
        "\"post_processor\" | \"other\" | post_processor is missing",
        "\"pre_tokenizer\" | \"other\" | pre_tokenizer is missing",
        "\"vocab\" | \"words\" | model.vocab is missing",
        "\"[SEP]\", 3 ] | \"[SEP]\", 4 ]"
            + " | post_processor.sep[1] is 4 for [SEP], whose id in the vocabulary is 3",
        "\"unk_token\": \"[UNK]\" | \"unk_token\": \"<unk>\""
            + " | model.unk_token is <unk>, which is not in the vocabulary",
        "\"of\": 21 | \"of\": 25"
            + " | model.vocab and added_tokens give of the id 25; the ids of 24 tokens must be 0 to 23",
        "\"of\": 21 | \"of\": -1 | give of the id -1;",
        "\"of\": 21 | \"of\": 20 | the same id 20",
        "\"id\": 4, | \"id\": 5, | added_tokens[4] gives [MASK] the id 5, in the vocabulary it has 4",
      })
  void refusesByComponent(String before, String after, String message) {
    edit(before, after);
    String found = assertThrows(ModelFormatException.class, this::read).getMessage();
    assertTrue(found.startsWith("tokenizer.json: ") && found.contains(message), found);
  }
}
