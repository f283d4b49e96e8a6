package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Reranker;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which file's setting counts, and what is taken where none is stated; as transformers 5.18.0 and
 * sentence-transformers 6.0.1 do.
 */
class SettingsOfFolderTest {
  @TempDir private Path folder;
  private final List<String> log = new ArrayList<>();

  private Path copy(String name) throws IOException {
    return TestModels.copy(name, folder.resolve("model"));
  }

  private Path convert(Path source) throws IOException {
    Path target = Files.createTempDirectory(folder, "out").resolve("model.safetensors");
    Converter.convert(source, target, ConversionOptions.NONE, log::add);
    return target;
  }

  private static ModelDescription describe(Path model) throws IOException {
    try (ModelFile file = ModelFile.open(model)) {
      return ModelDescription.of(file);
    }
  }

  /** Removes a member of a JSON file that is written a member a line. */
  private static void remove(Path file, String member) throws IOException {
    String text = Files.readString(file);
    Matcher line = Pattern.compile(" *\"" + member + "\": [^\\[{\n]*,\n").matcher(text);
    assertTrue(line.find(), member);
    Files.writeString(file, line.replaceFirst(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sentence_roberta_config.json",
        "sentence_distilbert_config.json",
        "sentence_camembert_config.json",
        "sentence_albert_config.json",
        "sentence_xlm-roberta_config.json",
        "sentence_xlnet_config.json"
      })
  void readsTheOlderNames(String name) throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    Files.writeString(source.resolve("sentence_bert_config.json"), "{}");
    Files.writeString(source.resolve(name), "{\"max_seq_length\": 20, \"do_lower_case\": false}");
    assertEquals(20, describe(convert(source)).maxTokens());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"max_seq_length\": 20} | {\"model_max_length\": 30} | 20",
        "{\"max_seq_length\": null} | {\"model_max_length\": 30} | 30",
        "{} | {\"model_max_length\": 30, \"max_len\": 31} | 30",
        "{} | {\"max_len\": 31} | 31",
        "{\"max_seq_length\": 20, \"processor_kwargs\": {\"model_max_length\": 25}} | {} | 25",
        "{\"max_seq_length\": 20, \"tokenizer_args\": {\"model_max_length\": 25}} | {} | 25",
        "{} | {\"model_max_length\": 1000000000000000019884624838656} | 128",
      })
  void theLongestInputIsThatOfTheReference(String module, String tokenizer, int expected)
      throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    Files.writeString(source.resolve("sentence_bert_config.json"), module);
    Files.writeString(source.resolve("tokenizer_config.json"), tokenizer);
    ModelDescription model = describe(convert(source));
    assertEquals(128, model.architecture().longestInput());
    assertEquals(expected, model.maxTokens());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"query_length\": 8",
        "\"document_length\": 8",
        "\"query_expansion\": {\"strategy\": \"fixed\"}",
        "\"processing_kwargs\": {\"text\": {\"max_length\": 8}}",
        "\"tokenizer_name_or_path\": \"elsewhere\"",
        "\"transformer_task\": \"fill-mask\"",
        "\"module_output_name\": \"sentence_embedding\"",
        "\"modality_config\": {\"text\": {\"method_output_name\": \"pooler_output\"}}",
        "\"modality_config\": {\"text\": {\"method\": \"get_text_features\"}}",
        "\"modality_config\": {\"image\": {}}",
        "\"own_setting\": 1",
        "\"model_kwargs\": {\"num_hidden_layers\": 1}",
        "\"model_args\": {\"gguf_file\": \"x\"}"
      })
  void refusesWhatItCannotObeyOfAModule(String setting) throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    Path file = source.resolve("sentence_bert_config.json");
    Files.writeString(file, "{" + setting + "}");
    String message = TestModels.refusal(source, folder, ConversionOptions.NONE);
    String name = setting.substring(1, setting.indexOf('"', 1));
    assertTrue(message.contains("sentence_bert_config.json: " + name), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"is_causal\": true", "\"quantization_config\": {\"load_in_8bit\": true}"})
  void refusesWhatMakesAnotherEncoder(String setting) throws IOException {
    for (String name : List.of("bert-mean", "distilbert", "mpnet", "roberta", "modernbert")) {
      Path source = TestModels.copy("fixtures/" + name, folder.resolve(name));
      TestModels.edit(
          source.resolve("config.json"), "\"model_type\":", setting + ", \"model_type\":");
      String message = TestModels.refusal(source, folder, ConversionOptions.NONE);
      String member = setting.substring(1, setting.indexOf('"', 1));
      assertTrue(message.contains("config.json: " + member), message);
    }
  }

  @Test
  void refusesAnAdapter() throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    Files.writeString(source.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
    String message = TestModels.refusal(source, folder, ConversionOptions.NONE);
    assertTrue(message.contains("adapter_config.json: is an adapter"), message);
  }

  /** Other names of one function in the reference. */
  @ParameterizedTest
  @CsvSource({
    "gelu_python, gelu",
    "gelu_fast, gelu_new",
    "gelu_accurate, gelu_new",
    "gelu_python_tanh, gelu_pytorch_tanh"
  })
  void activationsHaveOtherNames(String name, String same) throws IOException {
    Path source = copy("fixtures/bert-mean");
    TestModels.edit(
        source.resolve("config.json"),
        "\"hidden_act\": \"gelu\"",
        "\"hidden_act\": \"" + same + "\"");
    byte[] expected = Files.readAllBytes(convert(source));
    TestModels.edit(source.resolve("config.json"), "\"" + same + "\"", "\"" + name + "\"");
    assertArrayEquals(expected, Files.readAllBytes(convert(source)));
  }

  @Test
  void argumentsOfAModuleWinOverTheModelsConfiguration() throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    Path file = source.resolve("sentence_bert_config.json");
    Files.writeString(file, "{\"config_kwargs\": {\"layer_norm_eps\": 0.001}}");
    assertEquals(0.001, describe(convert(source)).architecture().layerNormEpsilon());
  }

  /** Removing a member that has its default's value changes nothing. */
  @ParameterizedTest
  @CsvSource({
    "fixtures/bert-mean, hidden_act",
    "fixtures/bert-mean, layer_norm_eps",
    "fixtures/bert-mean, type_vocab_size",
    "fixtures/roberta, pad_token_id",
    "fixtures/roberta, hidden_act",
    "fixtures/distilbert, activation",
    "fixtures/mpnet, layer_norm_eps",
    "fixtures/mpnet, relative_attention_num_buckets",
    "fixtures/modernbert, norm_eps",
    "fixtures/modernbert, hidden_activation",
    "fixtures/modernbert, global_attn_every_n_layers",
    "cross-encoders/modernbert-reranker, classifier_activation"
  })
  void membersHaveTheDefaultsOfTheReference(String name, String member) throws IOException {
    Path source = copy(name);
    byte[] before = Files.readAllBytes(convert(source));
    remove(source.resolve("config.json"), member);
    assertArrayEquals(before, Files.readAllBytes(convert(source)));
  }

  @Test
  void distilBertHasOtherNamesToo() throws IOException {
    Path source = copy("fixtures/distilbert");
    byte[] before = Files.readAllBytes(convert(source));
    Path config = source.resolve("config.json");
    TestModels.edit(config, "\"dim\":", "\"hidden_size\":");
    TestModels.edit(config, "\"n_heads\":", "\"num_attention_heads\":");
    TestModels.edit(config, "\"n_layers\":", "\"num_hidden_layers\":");
    assertArrayEquals(before, Files.readAllBytes(convert(source)));
  }

  @ParameterizedTest
  @CsvSource({
    "modules.json, sentence_transformers.models.Pooling, pooling_code.Pooling",
    "modules.json, sentence_transformers.models.Normalize, my.own.Normalize",
    "config.json, '\"model_type\":', '\"auto_map\": {\"AutoModel\": \"own.Bert\"}, \"model_type\":'",
    "config.json, '\"model_type\":', '\"auto_map\": {\"AutoConfig\": \"own.C\"}, \"model_type\":'"
  })
  void refusesCodeOfTheModelsOwn(String file, String before, String after) throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    TestModels.edit(source.resolve(file), before, after);
    String message = TestModels.refusal(source, folder, ConversionOptions.NONE);
    assertTrue(message.contains("code of the model's own"), message);
    assertTrue(message.contains(file) && message.contains("own"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"num_labels\": 1 | LABEL_0",
        "\"num_labels\": 1, \"id2label\": {\"0\": \"a\"} | a",
        "\"num_labels\": 1, \"id2label\": {\"0\": \"a\", \"1\": \"b\"} | LABEL_0",
        "\"id2label\": {\"0\": \"a\"} | a"
      })
  void theNumberOfLabelsWinsOverTheirNames(String labels, String expected) throws IOException {
    Path source = copy("cross-encoders/bert-reranker");
    Path config = source.resolve("config.json");
    String text = Files.readString(config).replaceAll("\"id2label\": \\{[^}]*\\},", "");
    Files.writeString(
        config, text.replaceFirst("\\{", "{" + Matcher.quoteReplacement(labels) + ","));
    assertEquals(List.of(expected), describe(convert(source)).classifier().orElseThrow().labels());
  }

  @Test
  void aCrossEncodersDefaultPromptStandsBeforeTheQuery() throws IOException {
    Path source = copy("cross-encoders/bert-reranker");
    List<String> documents = List.of("the roof is wood", "steamed ash bends");
    float[] expected;
    try (Reranker plain = Reranker.load(convert(source))) {
      expected = plain.score("query: which wood", documents);
    }
    Files.writeString(
        source.resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"search\": \"query: \"}, \"default_prompt_name\": \"search\"}");
    Path asks = convert(source);
    try (Reranker prompted = Reranker.load(asks)) {
      assertArrayEquals(expected, prompted.score("which wood", documents));
    }
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Reranker.builder().maxTokens(4).load(asks));
    assertTrue(e.getMessage().contains("leaves no room for a text"), e.getMessage());
  }

  @Test
  void refusesACrossEncoderWithoutTokenTypes() throws IOException {
    Path source = copy("cross-encoders/bert-reranker");
    Files.writeString(
        source.resolve("tokenizer_config.json"), "{\"model_input_names\": [\"input_ids\"]}");
    String message = TestModels.refusal(source, folder, ConversionOptions.NONE);
    assertTrue(message.contains("model_input_names lacks token_type_ids"), message);
  }

  @Test
  void headsOfTrainingAreLeftOut() throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    byte[] before = Files.readAllBytes(convert(source));
    Path weights = source.resolve("model.safetensors");
    Path changed = folder.resolve("changed.safetensors");
    try (ModelFile file = ModelFile.open(weights)) {
      ModelWriter writer = new ModelWriter(changed);
      for (Tensor tensor : file.tensors().values()) {
        float[] values = tensor.toFloats();
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        writer.floats("bert." + tensor.name(), values, shape);
      }
      writer.floats("mlp.dense.weight", new float[] {1}, 1);
      writer.floats("bert.projection.weight", new float[] {1}, 1);
      writer.write();
    }
    Files.delete(weights);
    Files.move(changed, weights);
    log.clear();
    assertArrayEquals(before, Files.readAllBytes(convert(source)));
    assertEquals(
        List.of(
            "Not needed by the encoder: bert.pooler.dense.bias, bert.pooler.dense.weight,"
                + " bert.projection.weight, mlp.dense.weight"),
        log);
  }

  @Test
  void addedTokensWithoutARowAreLeftOut() throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    float[] expected;
    try (Embedder embedder = Embedder.load(convert(source))) {
      expected = embedder.embed("a roof zzzmark").vector();
    }
    TestModels.edit(
        source.resolve("tokenizer.json"),
        "\"added_tokens\": [",
        "\"added_tokens\": [{\"id\": 3640, \"content\": \"zzzmark\", \"single_word\": false,"
            + " \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": false},");
    log.clear();
    try (Embedder embedder = Embedder.load(convert(source))) {
      assertArrayEquals(expected, embedder.embed("a roof zzzmark").vector());
    }
    assertEquals(
        List.of(
            "Not needed by the encoder: pooler.dense.bias, pooler.dense.weight",
            "Left out: the added token \"zzzmark\" with the id 3640; the token table has 3,640 rows."
                + " The reference fails at texts with it."),
        log);
  }

  @Test
  void aTextLosesItsBeginningIfTheTokenizerSaysSo() throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    assertFalse(describe(convert(source)).tokenizer().truncatesLeft());
    Files.writeString(source.resolve("tokenizer_config.json"), "{\"truncation_side\": \"left\"}");
    Path model = convert(source);
    assertTrue(describe(model).tokenizer().truncatesLeft());
    try (Embedder embedder = Embedder.builder().maxTokens(5).load(model)) {
      Embedding cut = embedder.embed("one two three a b c");
      assertTrue(cut.truncated());
      assertArrayEquals(embedder.embed("a b c").vector(), cut.vector());
    }
  }

  @Test
  void argumentsOfAModuleWinOverTheTokenizersSettings() throws IOException {
    Path source = copy("fixtures/bert-sqrtlen-odd");
    Files.writeString(source.resolve("tokenizer_config.json"), "{\"truncation_side\": \"right\"}");
    Files.writeString(
        source.resolve("sentence_bert_config.json"),
        "{\"processor_kwargs\": {\"truncation_side\": \"left\"}}");
    assertTrue(describe(convert(source)).tokenizer().truncatesLeft());
  }
}
