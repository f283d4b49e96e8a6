package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelDescriptionTest {
  private static final Set<String> OPTIONAL =
      Set.of("kumiko.pool_prompt", "kumiko.head", "kumiko.similarity");

  @TempDir Path directory;

  private ModelDescription read(Map<String, String> metadata) throws IOException {
    Path path = directory.resolve("m.safetensors");
    new ModelWriter(path).metadata(metadata).write();
    try (ModelFile file = ModelFile.open(path)) {
      return ModelDescription.of(file);
    }
  }

  @Test
  void isStoredUnderTheDocumentedKeys() {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("kumiko.format_version", "1");
    expected.put("kumiko.name", "a-model");
    expected.put("kumiko.source", "where it came from");
    expected.put(
        "kumiko.architecture",
        "{\"family\":\"bert\",\"layers\":2,\"hidden_size\":12,\"attention_heads\":3,"
            + "\"intermediate_size\":20,\"activation\":\"gelu_tanh\",\"layer_norm_eps\":1.0E-12,"
            + "\"vocabulary_size\":30,\"positions\":16,\"token_types\":2,"
            + "\"layout\":{\"position\":{\"type\":\"learned\",\"padding_id\":null},"
            + "\"relative_bias\":null,\"local_attention\":null,\"norm\":\"after\","
            + "\"gated\":false,\"linear_bias\":true,\"norm_bias\":true}}");
    expected.put("kumiko.pooling", "mean_sqrt_len,cls");
    expected.put("kumiko.pool_prompt", "false");
    expected.put(
        "kumiko.head",
        "[{\"type\":\"dense\",\"outputs\":7,\"bias\":true,\"activation\":\"silu\"},"
            + "{\"type\":\"norm\",\"eps\":1.0E-5,\"bias\":false},{\"type\":\"normalize\"}]");
    expected.put("kumiko.normalize", "true");
    expected.put("kumiko.similarity", "dot");
    expected.put("kumiko.max_tokens", "14");
    expected.put("kumiko.prompts", "{\"query\":\"query: \",\"passage\":\"passage: ☃\\n\"}");
    expected.put("kumiko.default_prompt", "query");
    expected.put(
        "kumiko.tokenizer",
        "{\"normalizers\":[{\"type\":\"bert\",\"clean_text\":true,\"handle_chinese_chars\":false,"
            + "\"strip_accents\":true,\"lowercase\":false}],\"splits\":[{\"type\":\"bert\"}],"
            + "\"model\":{\"type\":\"wordpiece\",\"continuing_prefix\":\"##\","
            + "\"max_input_chars_per_word\":100,\"unknown_id\":1},"
            + "\"single\":[{\"id\":2,\"type\":0},{\"text\":\"first\",\"type\":0},"
            + "{\"id\":3,\"type\":0}],"
            + "\"pair\":[{\"id\":2,\"type\":0},{\"text\":\"first\",\"type\":0},{\"id\":3,\"type\":0},"
            + "{\"text\":\"second\",\"type\":1},{\"id\":3,\"type\":1}],"
            + "\"added_tokens\":[{\"id\":0,\"content\":\"[PAD]\",\"single_word\":false,"
            + "\"lstrip\":true,\"rstrip\":false,\"normalized\":true,\"special\":true},"
            + "{\"id\":29,\"content\":\"new \\\"word\\\"\",\"single_word\":true,\"lstrip\":false,"
            + "\"rstrip\":true,\"normalized\":false,\"special\":false}]}");
    Map<String, String> metadata = Descriptions.description().toMetadata();
    assertEquals(expected, metadata);
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(metadata.keySet()));
  }

  @Test
  void comesBack() throws IOException {
    ModelDescription description = Descriptions.description();
    ModelDescription read = read(description.toMetadata());
    assertEquals(description, read);
    assertEquals(List.of("query", "passage"), List.copyOf(read.prompts().keySet()));
  }

  @ParameterizedTest
  @EnumSource
  void everyPoolingComesBack(Pooling pooling) throws IOException {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    metadata.put("kumiko.pooling", pooling.name().toLowerCase(Locale.ROOT));
    assertEquals(List.of(pooling), read(metadata).head().pooling());
  }

  @ParameterizedTest
  @EnumSource
  void everyActivationComesBack(Activation activation) throws IOException {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    String code = activation.name().toLowerCase(Locale.ROOT);
    metadata.computeIfPresent(
        "kumiko.architecture", (key, json) -> json.replace("gelu_tanh", code));
    assertEquals(activation, read(metadata).architecture().activation());
  }

  @ParameterizedTest
  @EnumSource
  void aClassifierComesBack(Classifier.ScoreFunction function) throws IOException {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    metadata.put("kumiko.normalize", "false");
    metadata.put(
        "kumiko.head",
        "[{\"type\":\"dense\",\"outputs\":2,\"bias\":true,\"activation\":\"tanh\"}]");
    String code = function.name().toLowerCase(Locale.ROOT);
    metadata.put(
        "kumiko.classifier", "{\"labels\":[\"no\",\"yes\"],\"function\":\"" + code + "\"}");
    ModelDescription read = read(metadata);
    assertEquals(Optional.of(new Classifier(List.of("no", "yes"), function)), read.classifier());
    assertEquals(metadata.get("kumiko.classifier"), read.toMetadata().get("kumiko.classifier"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[\"a\"]              | sigmoid | labels has 1 items, but the model's result has 24 components",
        "[1]                  | sigmoid | labels[0] is 1, expected text",
        "[]                   | argmax  | function is \"argmax\", this Kumiko knows: identity,",
      })
  void aBadClassifierIsRefused(String labels, String function, String message) {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    metadata.put("kumiko.head", "[]");
    metadata.put(
        "kumiko.classifier", "{\"labels\":" + labels + ",\"function\":\"" + function + "\"}");
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
    assertTrue(e.getMessage().contains("kumiko.classifier: "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void aCheckpointIsNoModel() {
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> read(Map.of("format", "pt")));
    assertEquals(Reason.NOT_A_MODEL, e.reason());
    assertTrue(e.getMessage().contains("a valid safetensors file, but no Kumiko model"));
    assertTrue(e.getMessage().contains("Hugging Face checkpoint"));
    assertTrue(e.getMessage().contains("kumiko convert"));
  }

  @Test
  void anotherVersionIsNotRead() {
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> read(Map.of("kumiko.format_version", "7")));
    assertEquals(Reason.UNSUPPORTED_VERSION, e.reason());
    assertTrue(e.getMessage().contains("is format version 7, this Kumiko reads 1;"));
    e =
        assertThrows(
            ModelFormatException.class, () -> read(Map.of("kumiko.format_version", "one")));
    assertTrue(e.getMessage().contains("is format version \"one\", this Kumiko reads 1;"));
  }

  /** What the first files of this version did not have. */
  @Test
  void someKeysMayBeAbsent() throws IOException {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    metadata.keySet().removeAll(OPTIONAL);
    metadata.computeIfPresent(
        "kumiko.architecture", (key, json) -> json.replaceFirst(",\"layout\":.*", "}"));
    ModelDescription read = read(metadata);
    assertEquals(Descriptions.architecture(), read.architecture());
    Head head = Descriptions.description().head();
    assertEquals(new Head(head.pooling(), true, List.of(), true), read.head());
    assertEquals(Similarity.COSINE, read.similarity());
  }

  @Test
  void everyOtherKeyIsNeeded() {
    Set<String> keys = new TreeSet<>(Descriptions.description().toMetadata().keySet());
    keys.removeAll(OPTIONAL);
    for (String key : keys) {
      Map<String, String> metadata = Descriptions.description().toMetadata();
      metadata.remove(key);
      ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
      assertTrue(e.getMessage().contains("metadata has no " + key), e.getMessage());
    }
  }

  @Test
  void everyMemberIsNeeded() {
    Map<String, String> good = Descriptions.description().toMetadata();
    int members = 0;
    for (String key : List.of("kumiko.architecture", "kumiko.head", "kumiko.tokenizer")) {
      Matcher member = Pattern.compile("\"((?!layout)[a-z_]+)\":").matcher(good.get(key));
      while (member.find()) {
        Map<String, String> metadata = new LinkedHashMap<>(good);
        metadata.put(key, good.get(key).replaceFirst(member.group(), "\"other\":"));
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
        assertTrue(e.getMessage().contains(": " + key + ": "), e.getMessage());
        members++;
      }
    }
    assertEquals(10 + 9 + 4 + 3 + 1 + 6 + 5 + 1 + 4 + 2 * 8 + 2 * 7, members);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pooling           | last          | kumiko.pooling is \"last\", this Kumiko knows: mean, cls",
        "pooling           | mean,            | kumiko.pooling is \"\", this Kumiko knows: mean, cls",
        "pool_prompt       | 1                | kumiko.pool_prompt: the value is 1, expected true or",
        "head              | {}               | kumiko.head: the value is an object",
        "similarity        | near             | similarity is \"near\", this Kumiko knows: cosine, dot",
        "normalize         | yes           | kumiko.normalize: not valid JSON",
        "normalize         | 1             | kumiko.normalize: the value is 1, expected true or",
        "max_tokens        | 2             | kumiko.max_tokens is 2, but must be from 3 to",
        "max_tokens        | 17            | the number of positions, 16",
        "max_tokens        | many          | kumiko.max_tokens: not valid JSON at byte 0",
        "prompts           | []            | kumiko.prompts: the value is an array",
        "prompts           | {\"query\":1} | kumiko.prompts: query is 1, expected text",
        "default_prompt    | none          | is \"none\", but the prompts are [\"query\", \"pass",
        "name              | ` `           | kumiko.name is empty",
        "architecture      | {             | kumiko.architecture: not valid JSON at byte 1: it ends",
        "tokenizer         | {}            | kumiko.tokenizer: normalizers is missing",
      })
  void aBadValueIsRefused(String key, String value, String message) {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    metadata.put("kumiko." + key, value);
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"bert\",\"layers   | \" \",\"layers     | family is empty",
        "gelu_tanh           | swish            | activation is \"swish\", this Kumiko knows: gelu,",
        "layers\":2          | layers\":0       | layers is 0, but must be at least 1",
        "layers\":2          | layers\":1001    | layers is 1001, more than 1000",
        "layers\":2          | layers\":2.5     | layers is 2.5, expected a whole number",
        "hidden_size\":12    | hidden_size\":-1 | hidden_size is -1, but must be at least 1",
        "heads\":3           | heads\":5        | attention_heads is 5, which does not divide",
        "intermediate_size\":20 | intermediate_size\":0 | intermediate_size is 0",
        "vocabulary_size\":30   | vocabulary_size\":0   | vocabulary_size is 0",
        "positions\":16      | positions\":0    | positions is 0",
        "token_types\":2     | token_types\":-1 | token_types is -1, but must not be negative",
        "padding_id\":null   | padding_id\":15  | position.padding_id is 15, but must be an id, and less",
        "padding_id\":null   | padding_id\":-1  | position.padding_id is -1, but must be an id",
        "\"learned\"         | \"sinus\"        | layout.position.type is no kind of this Kumiko: sinus",
        "bias\":null,\"local | bias\":{\"buckets\":5,\"max_distance\":9},\"local | buckets is 5, but must be even and",
        "bias\":null,\"local | bias\":{\"buckets\":8,\"max_distance\":2},\"local | max_distance is 2, but must be more",
        "attention\":null    | attention\":{\"window\":0,\"layers\":[]} | window is 0, but must be at least 1",
        "attention\":null    | attention\":{\"window\":9,\"layers\":[1,1]} | layers[1] is 1, but must be from 2 to 1",
        "attention\":null    | attention\":{\"window\":9,\"layers\":[2]} | layers[0] is 2, but must be from 0 to 1",
        "norm\":\"after       | norm\":\"never     | norm is \"never\", this Kumiko knows: after, before",
        "{\"position\"        | {\"y\":1,\"position\" | layout.y is unknown to this Kumiko",
        "outputs\":7         | outputs\":0      | kumiko.head: [0].outputs is 0, but must be from 1 to",
        "\"eps\":1.0E-5      | \"eps\":1        | kumiko.head: [1].eps is 1.0, but must be between",
        "\"normalize\"       | \"scale\"        | [2].type is no step of this Kumiko: scale",
        "\"silu\"            | \"mish\"         | activation is \"mish\", this Kumiko knows: identity",
        "1.0E-12             | 0                | layer_norm_eps is 0.0, but must be between",
        "1.0E-12             | 1e999            | layer_norm_eps is Infinity, expected a number",
        "{\"family           | {\"rotary\":true,\"family | rotary is unknown to this Kumiko",
        "{\"normalizers      | {\"x\":1,\"normalizers | x is unknown to this Kumiko",
        "\"lowercase          | \"x\":1,\"lowercase   | normalizers[0].x is unknown to this Kumiko",
        "{\"id\":0           | {\"id\":0,\"y\":1   | added_tokens[0].y is unknown to this Kumiko",
        "unknown_id\":1      | unknown_id\":30  | unknown_id is 30, but the vocabulary has ids from 0 to 29",
        "\"id\":2           | \"id\":-1       | single[0].id is -1, but",
        "{\"id\":3,\"type\":1 | {\"id\":99,\"type\":1 | pair[4].id is 99, but",
        "{\"id\":29          | {\"id\":30       | token \"new \"word\"\" is 30, but the vocabulary",
        "[PAD]               | new \\\"word\\\" | added token \"new \"word\"\" occurs twice",
        "\"[PAD]\"           | \"\"             | the added token with id 0 has no content",
        "per_word\":100      | per_word\":0     | max_input_chars_per_word is 0, but must be",
      })
  void aBadMemberIsRefused(String good, String bad, String message) {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    metadata.replaceAll((key, value) -> value.replace(good, bad));
    assertTrue(!metadata.equals(Descriptions.description().toMetadata()));
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void whatWouldBeRefusedIsNotWritten() {
    ModelDescription good = Descriptions.description();
    ModelDescription bad =
        new ModelDescription(
            good.name(),
            good.source(),
            good.architecture(),
            good.head(),
            good.similarity(),
            17,
            good.prompts(),
            good.defaultPrompt(),
            good.tokenizer(),
            Optional.empty());
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, bad::toMetadata);
    assertTrue(e.getMessage().startsWith("kumiko.max_tokens is 17"), e.getMessage());
  }
}
