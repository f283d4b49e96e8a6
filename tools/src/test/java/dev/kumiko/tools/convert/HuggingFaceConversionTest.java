package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.Head;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HuggingFaceConversionTest {
  @TempDir private Path folder;
  private final List<String> log = new ArrayList<>();

  private Path convert(Path source, ConversionOptions options) throws IOException {
    Path target = folder.resolve("converted.safetensors");
    Converter.convert(source, target, options, log::add);
    return target;
  }

  private Path convert(Path source) throws IOException {
    return convert(source, ConversionOptions.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "bert-mean, 3, 48, 4, 80, GELU, MEAN, true",
    "bert-cls-gelu-tanh, 3, 48, 4, 80, GELU_TANH, CLS, true",
    "bert-max-relu-unnormalised, 3, 48, 4, 80, RELU, MAX, false",
    "bert-sqrtlen-odd, 2, 33, 3, 67, GELU, MEAN_SQRT_LEN, true"
  })
  void describesWhatTheFolderStates(
      String name,
      int layers,
      int hiddenSize,
      int heads,
      int intermediateSize,
      Activation activation,
      Pooling pooling,
      boolean normalize)
      throws IOException {
    try (ModelFile file = ModelFile.open(convert(TestModels.resource("fixtures/" + name)))) {
      ModelDescription description = ModelDescription.of(file);
      assertEquals(
          new Architecture(
              "bert", layers, hiddenSize, heads, intermediateSize, activation, 1e-12, 3640, 128, 2),
          description.architecture());
      assertEquals(name, description.name());
      assertEquals(new Head(pooling, normalize), description.head());
      assertEquals(64, description.maxTokens());
      assertEquals(Map.of(), description.prompts());
      TokenizerDescription tokenizer = description.tokenizer();
      assertEquals(new TokenModel.WordPiece("##", 100, 1), tokenizer.model());
      assertEquals(SpecialTokens.bert(2, 3), tokenizer.specialTokens());
      assertEquals(
          List.of(new NormalizerStep.Bert(true, true, true, true)), tokenizer.normalizers());
      assertEquals(5, tokenizer.addedTokens().size());
      assertEquals("[MASK]", tokenizer.addedTokens().get(4).content());
      TensorNames.check(file, description);
    }
    assertEquals(List.of("Not needed by the encoder: pooler.dense.bias, pooler.dense.weight"), log);
  }

  @ParameterizedTest
  @CsvSource({"bert-mean", "bert-cls-gelu-tanh", "bert-max-relu-unnormalised", "bert-sqrtlen-odd"})
  void everyTensorIsTheSources(String name) throws IOException {
    Path source = TestModels.resource("fixtures/" + name);
    try (ModelFile before = ModelFile.open(source.resolve("model.safetensors"));
        ModelFile after = ModelFile.open(convert(source))) {
      Architecture architecture = ModelDescription.of(after).architecture();
      Map<String, String> names = BertNames.inPyTorch(architecture.layers());
      assertEquals(TensorNames.required(architecture).keySet(), names.keySet());
      for (Map.Entry<String, String> entry : names.entrySet()) {
        Tensor expected = before.tensor(entry.getValue());
        Tensor actual = after.tensor(entry.getKey());
        assertEquals(DType.F32, actual.type(), entry.getKey());
        assertEquals(expected.shape(), actual.shape(), entry.getKey());
        assertArrayEquals(expected.toFloats(), actual.toFloats(), 0f, entry.getKey());
      }
      assertEquals(names.size() + 1, after.tensors().size());
      assertEquals(vocabulary(source), storedVocabulary(after));
    }
  }

  private static Map<String, Integer> vocabulary(Path source) throws IOException {
    byte[] text = Files.readAllBytes(source.resolve("tokenizer.json"));
    Map<String, Integer> ids = new HashMap<>();
    for (Map.Entry<String, Json> token :
        Json.parse("tokenizer.json", text).get("model").get("vocab").members().entrySet()) {
      ids.put(token.getKey(), token.getValue().asInt());
    }
    return ids;
  }

  private static Map<String, Integer> storedVocabulary(ModelFile file) throws IOException {
    byte[] stream = file.tensor(TokenizerDescription.VOCABULARY).toBytes();
    byte[] plain = new InflaterInputStream(new ByteArrayInputStream(stream)).readAllBytes();
    Map<String, Integer> ids = new HashMap<>();
    int from = 0;
    for (int i = 0; i < plain.length; i++) {
      if (plain[i] == (byte) 0xFF) {
        ids.put(new String(plain, from, i - from, StandardCharsets.UTF_8), ids.size());
        from = i + 1;
      }
    }
    return ids;
  }

  @Test
  void isTheSameEveryTime() throws IOException {
    Path source = TestModels.resource("fixtures/bert-mean");
    byte[] first = Files.readAllBytes(convert(source));
    assertArrayEquals(first, Files.readAllBytes(convert(source)));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16", "F64"})
  void readsOtherFloatsAndNamesWithPrefix(DType type) throws IOException {
    Path source = TestModels.copy("fixtures/bert-sqrtlen-odd", folder.resolve("copy"));
    Path weights = source.resolve("model.safetensors");
    Path retyped = folder.resolve("retyped.safetensors");
    Map<String, float[]> expected = new HashMap<>();
    try (ModelFile file = ModelFile.open(weights)) {
      ModelWriter writer = new ModelWriter(retyped);
      for (Tensor tensor : file.tensors().values()) {
        float[] values = tensor.toFloats();
        byte[] bytes = HalfFloats.encode(values, type);
        expected.put(tensor.name(), HalfFloats.decode(bytes, type));
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        writer.bytes("bert." + tensor.name(), type, bytes, shape);
      }
      writer.write();
    }
    Files.move(retyped, weights, StandardCopyOption.REPLACE_EXISTING);
    try (ModelFile file = ModelFile.open(convert(source))) {
      for (Map.Entry<String, String> entry : BertNames.inPyTorch(2).entrySet()) {
        DType stored = type == DType.F64 ? DType.F32 : type;
        float[] actual = file.tensor(entry.getKey()).expect(stored, shape(file, entry)).toFloats();
        assertArrayEquals(expected.get(entry.getValue()), actual, 0f, entry.getKey());
      }
    }
  }

  private static long[] shape(ModelFile file, Map.Entry<String, String> entry) throws IOException {
    return file.tensor(entry.getKey()).shape().stream().mapToLong(Long::longValue).toArray();
  }

  @Test
  void takesPromptsAndNewerConfigurations() throws IOException {
    Path source = TestModels.copy("fixtures/bert-mean", folder.resolve("copy"));
    Files.writeString(
        source.resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": \"query: \", \"document\": \"\"}, \"default_prompt_name\": \"query\"}");
    Files.writeString(
        source.resolve("1_Pooling/config.json"),
        "{\"embedding_dimension\": 48, \"pooling_mode\": \"max\", \"include_prompt\": true}");
    TestModels.edit(source.resolve("sentence_bert_config.json"), "64", "4096");
    try (ModelFile file = ModelFile.open(convert(source))) {
      ModelDescription description = ModelDescription.of(file);
      assertEquals(Map.of("query", "query: ", "document", ""), description.prompts());
      assertEquals("query", description.defaultPrompt());
      assertEquals(List.of(Pooling.MAX), description.head().pooling());
      assertEquals(128, description.maxTokens());
    }
    assertTrue(log.contains("The longest input is that of the position table: 128 tokens."));
  }

  @Test
  void aPoolingThatStatesNoModeIsTheMeanAsInTheReference() throws IOException {
    Path source = TestModels.copy("fixtures/bert-sqrtlen-odd", folder.resolve("unstated"));
    Path pooling = source.resolve("1_Pooling/config.json");
    for (String stated :
        List.of("{\"word_embedding_dimension\": 33, \"pooling_mode_cls_token\": false}", "{}")) {
      Files.writeString(pooling, stated);
      try (ModelFile file = ModelFile.open(convert(source))) {
        assertEquals(List.of(Pooling.MEAN), ModelDescription.of(file).head().pooling(), stated);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"question_encoder.bert_model.", "ctx_encoder.bert_model."})
  void anEncoderOfDprIsABertOfWhichTheFirstTokenCounts(String prefix) throws IOException {
    Path source = TestModels.copy("fixtures/bert-cls-gelu-tanh", folder.resolve("dpr"));
    Files.delete(source.resolve("modules.json"));
    ConversionOptions cls =
        new ConversionOptions(
            Optional.empty(),
            Optional.of(Pooling.CLS),
            Optional.of(false),
            Optional.empty(),
            Optional.empty());
    byte[] expected = Files.readAllBytes(convert(source, cls));
    TestModels.edit(
        source.resolve("config.json"), "\"model_type\": \"bert\"", "\"model_type\": \"dpr\"");
    Path weights = source.resolve("model.safetensors");
    Path renamed = folder.resolve("renamed.safetensors");
    try (ModelFile file = ModelFile.open(weights)) {
      ModelWriter writer = new ModelWriter(renamed);
      for (Tensor tensor : file.tensors().values()) {
        writer.copy(prefix + tensor.name(), tensor);
      }
      writer.write();
    }
    Files.move(renamed, weights, StandardCopyOption.REPLACE_EXISTING);
    assertArrayEquals(expected, Files.readAllBytes(convert(source)));
  }

  @Test
  void optionsOverrideTheFolder() throws IOException {
    ConversionOptions options =
        new ConversionOptions(
            Optional.of("other"),
            Optional.of(Pooling.CLS),
            Optional.of(false),
            Optional.of(32),
            Optional.empty());
    Path source = TestModels.resource("fixtures/bert-mean");
    try (ModelFile file = ModelFile.open(convert(source, options))) {
      ModelDescription description = ModelDescription.of(file);
      assertEquals("other", description.name());
      assertEquals(new Head(Pooling.CLS, false), description.head());
      assertEquals(32, description.maxTokens());
    }
  }
}
