package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways in which weights are stored and named. */
class CheckpointTest {
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir private Path folder;
  private Path source;
  private byte[] expected;
  private final List<String> log = new ArrayList<>();

  @BeforeEach
  void copy() throws IOException {
    source = TestModels.copy("fixtures/modernbert", folder.resolve("model"));
    expected = convert();
  }

  private byte[] convert() throws IOException {
    Path target = folder.resolve("converted.safetensors");
    log.clear();
    Converter.convert(source, target, ConversionOptions.NONE, log::add);
    return Files.readAllBytes(target);
  }

  private void assertRefused(String... parts) throws IOException {
    String message = TestModels.refusal(source, folder, ConversionOptions.NONE);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  /** Distributes the tensors over two files. */
  private Map<String, Object> shard() throws IOException {
    Path whole = source.resolve("model.safetensors");
    Map<String, Object> map = new TreeMap<>();
    try (ModelFile file = ModelFile.open(whole)) {
      ModelWriter first = new ModelWriter(source.resolve("model-00001-of-00002.safetensors"));
      ModelWriter second = new ModelWriter(source.resolve("model-00002-of-00002.safetensors"));
      for (Tensor tensor : file.tensors().values()) {
        boolean isFirst = map.size() % 2 == 0;
        (isFirst ? first : second).copy(tensor.name(), tensor);
        map.put(tensor.name(), "model-0000" + (isFirst ? 1 : 2) + "-of-00002.safetensors");
      }
      first.write();
      second.write();
    }
    Files.delete(whole);
    writeIndex(map);
    return map;
  }

  private void writeIndex(Map<String, Object> map) throws IOException {
    Files.writeString(source.resolve(INDEX), Json.text(Map.of("weight_map", map)));
  }

  private void rename(UnaryOperator<String> names) throws IOException {
    Path whole = source.resolve("model.safetensors");
    Path renamed = folder.resolve("renamed.safetensors");
    try (ModelFile file = ModelFile.open(whole)) {
      ModelWriter writer = new ModelWriter(renamed);
      for (Tensor tensor : file.tensors().values()) {
        writer.copy(names.apply(tensor.name()), tensor);
      }
      writer.write();
    }
    Files.move(renamed, whole, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void shardsAreOneCheckpoint() throws IOException {
    shard();
    assertArrayEquals(expected, convert());
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    shard();
    Files.delete(source.resolve("model-00002-of-00002.safetensors"));
    assertRefused(INDEX, "model-00002-of-00002.safetensors, but there is no such file");
  }

  @Test
  void anIndexThatLiesIsRefused() throws IOException {
    Map<String, Object> map = shard();
    map.put("layers.9.extra", "model-00001-of-00002.safetensors");
    writeIndex(map);
    assertRefused("layers.9.extra", "which has no such tensor");
    map.put("layers.9.extra", "../model-00001-of-00002.safetensors");
    writeIndex(map);
    assertRefused("expected the name of a file beside the index");
    Files.writeString(source.resolve(INDEX), "{\"weight_map\": []}");
    assertRefused("weight_map is an array with 0 items, expected an object");
    Files.writeString(source.resolve(INDEX), "{\"weight_map\": {\"x\": 7}}");
    assertRefused("x is 7, expected text");
  }

  @Test
  void aTensorInTwoShardsIsRefused() throws IOException {
    shard();
    Files.copy(
        source.resolve("model-00001-of-00002.safetensors"),
        source.resolve("model-00002-of-00002.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefused("is in another shard, too");
  }

  @ParameterizedTest
  @CsvSource({"model.", "bert.", "0.auto_model.", "encoder.model."})
  void whateverStandsBeforeAllNamesIsLeftOut(String prefix) throws IOException {
    rename(name -> prefix + name);
    assertArrayEquals(expected, convert());
  }

  @Test
  void aTensorWithAnotherPrefixIsRefused() throws IOException {
    rename(name -> name.startsWith("final_norm") ? "other." + name : name);
    assertRefused("the tensor final_norm.weight is missing");
  }

  @Test
  void unusedHeadsAreNamed() throws IOException {
    Path whole = source.resolve("model.safetensors");
    Path more = folder.resolve("more.safetensors");
    try (ModelFile file = ModelFile.open(whole)) {
      ModelWriter writer = new ModelWriter(more);
      for (Tensor tensor : file.tensors().values()) {
        writer.copy("model." + tensor.name(), tensor);
      }
      writer.floats("head.dense.weight", new float[4], 2, 2);
      writer.floats("decoder.bias", new float[4], 4);
      writer.write();
    }
    Files.move(more, whole, StandardCopyOption.REPLACE_EXISTING);
    assertArrayEquals(expected, convert());
    assertEquals(List.of("Not needed by the encoder: decoder.bias, head.dense.weight"), log);
  }

  @Test
  void theFirstNamesOfLayerNormAreKnown() throws IOException {
    source = TestModels.copy("fixtures/bert-sqrtlen-odd", folder.resolve("bert"));
    expected = convert();
    rename(
        name ->
            name.replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta"));
    assertArrayEquals(expected, convert());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"intermediate_size\": 80 | \"intermediate_size\": 79"
            + " | layers.0.mlp.Wi.weight has the shape [80, 48], expected [79, 48]",
        "\"hidden_size\": 48 | \"hidden_size\": 44"
            + " | word_embedding_dimension is 48, the encoder has 44",
        "\"num_attention_heads\": 4 | \"num_attention_heads\": 16"
            + " | rotary positions need heads of even length, but hidden_size 48 / attention_heads 16 is 3",
        "\"mlp_bias\": false | \"mlp_bias\": true | mlp_bias is true; Kumiko supports false",
        "\"rope_theta\": 160000.0 | \"rope_theta\": -1 | theta is -1.0, but must be more than 1",
        "\"rope_theta\": 10000.0, | \"rope_theta\": 10000.0, \"factor\": 2, \"x\":"
            + " | not valid JSON",
        "\"local_attention\": 16 | \"local_attention\": 1 | local_attention is 1, expected at least 2",
        "\"sliding_attention\",    \"sliding_attention\" | \"sliding_attention\""
            + " | layer_types has 3 items, num_hidden_layers is 4",
        "\"max_position_embeddings\": 128 | \"max_position_embeddings\": 2000000000"
            + " | positions is 2000000000, but those without a table are at most 1048576",
      })
  void aConfigurationThatDoesNotFitIsRefused(String before, String after, String message)
      throws IOException {
    Path config = source.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\n", ""));
    TestModels.edit(config, before, after);
    assertRefused(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mpnet | \"relative_attention_num_buckets\": 32 | \"relative_attention_num_buckets\": 64"
            + " | relative_attention_num_buckets is 64; Kumiko supports 32",
        "roberta | \"pad_token_id\": 1 | \"pad_token_id\": 129"
            + " | pad_token_id is 129, which leaves no position of max_position_embeddings 130",
        "roberta | \"pad_token_id\": 1 | \"pad_token_id\": null | pad_token_id is null",
        "distilbert | \"n_heads\": 4 | \"n_heads\": 5 | n_heads is 5, which does not divide dim 48",
        "labse | \"vocab_size\": 5201 | \"vocab_size\": 5202"
            + " | has the shape [5201, 48], expected [5202, 48]",
        "labse | \"vocab_size\": 5201 | \"vocab_size\": 5200 | has 5,201 tokens, but the token table",
      })
  void soIsThatOfAnotherFamily(String name, String before, String after, String message)
      throws IOException {
    source = TestModels.copy("fixtures/" + name, folder.resolve(name));
    TestModels.edit(source.resolve("config.json"), before, after);
    assertRefused(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2_Dense/config.json | \"in_features\": 48 | \"in_features\": 47"
            + " | in_features is 47, the module before it gives 48",
        "2_Dense/config.json | \"out_features\": 40 | \"out_features\": 41"
            + " | linear.weight has the shape [40, 48], expected [41, 48]",
        "2_Dense/config.json | activation.Tanh | activation.Mish"
            + " | activation_function is torch.nn.modules.activation.Mish; Kumiko supports torch.nn",
        "2_Dense/config.json | \"bias\": true | \"bias\": true, \"use_residual\": true"
            + " | use_residual is true; Kumiko supports false",
        "2_Dense/config.json | \"bias\": true"
            + " | \"bias\": true, \"module_input_name\": \"token_embeddings\""
            + " | module_input_name is token_embeddings; Kumiko supports sentence_embedding",
      })
  void soIsThatOfAModule(String file, String before, String after, String message)
      throws IOException {
    source = TestModels.copy("fixtures/labse", folder.resolve("labse"));
    TestModels.edit(source.resolve(file), before, after);
    assertRefused(message);
  }

  @Test
  void aModulesPickleIsRefused() throws IOException {
    source = TestModels.copy("fixtures/labse", folder.resolve("labse"));
    Path weights = source.resolve("2_Dense/model.safetensors");
    Files.move(weights, source.resolve("2_Dense/pytorch_model.bin"));
    assertRefused("2_Dense has no model.safetensors, only pytorch_model.bin: a pickle");
  }
}
