package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceRefusalTest {
  @TempDir private Path folder;
  private Path source;

  @BeforeEach
  void copy() throws IOException {
    source = TestModels.copy("fixtures/bert-sqrtlen-odd", folder.resolve("model"));
  }

  private void assertRefused(String... parts) throws IOException {
    String message = TestModels.refusal(source, folder, ConversionOptions.NONE);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config.json | \"model_type\": \"bert\" | \"model_type\": \"gpt2\""
            + " | config.json: model_type is gpt2; Kumiko supports bert, camembert, distilbert,",
        "config.json | \"model_type\": \"bert\" | \"model_type\": \"distilbert\""
            + " | the tensor transformer.layer.0.attention.q_lin.weight is missing",
        "config.json | \"hidden_act\": \"gelu\" | \"hidden_act\": \"mish\""
            + " | hidden_act is mish; Kumiko supports gelu, gelu_accurate, gelu_fast, gelu_new,"
            + " gelu_python, gelu_python_tanh, gelu_pytorch_tanh, relu, silu",
        "config.json | \"model_type\": \"bert\""
            + " | \"model_type\": \"dpr\", \"projection_dim\": 128"
            + " | projection_dim is 128; Kumiko supports 0",
        "config.json | \"is_decoder\": false | \"is_decoder\": true"
            + " | is_decoder is true; Kumiko supports false",
        "config.json | \"num_attention_heads\": 3 | \"num_attention_heads\": 4"
            + " | num_attention_heads is 4, which does not divide hidden_size 33",
        "config.json | \"intermediate_size\": 67 | \"intermediate_size\": 68"
            + " | encoder.layer.0.intermediate.dense.weight has the shape [67, 33], expected [68, 33]",
        "config.json | \"num_hidden_layers\": 2 | \"num_hidden_layers\": 3"
            + " | the tensor encoder.layer.2.attention.self.query.weight is missing",
        "config.json | \"num_hidden_layers\": 2 | \"num_hidden_layers\": 1"
            + " | belong to no part of a BERT with 1 layers: encoder.layer.1.attention",
        "config.json | \"num_hidden_layers\": 2 | \"num_hidden_layers\": 2000000000"
            + " | num_hidden_layers is 2000000000, more than 1000",
        "config.json | \"layer_norm_eps\": 1e-12 | \"layer_norm_eps\": -1"
            + " | layer_norm_eps is -1, expected a number between 0 and 1",
        "config.json | \"vocab_size\": 3640 | \"vocab_size\": 3641"
            + " | embeddings.word_embeddings.weight has the shape [3640, 33], expected [3641, 33]",
        "modules.json | models.Normalize | models.WordWeights"
            + " | lists the modules Transformer, Pooling, WordWeights; Kumiko supports",
        "modules.json | models.Normalize | models.Dense | 2_Normalize/config.json is missing",
        "modules.json | 1_Pooling | ../elsewhere | elsewhere, outside of the model's folder",
        "1_Pooling/config.json | \"pooling_mode_mean_sqrt_len_tokens\": true"
            + " | \"pooling_mode\": []"
            + " | asks for the pooling none; Kumiko supports cls, lasttoken, max, mean, mean_sqrt_len_tokens",
        "1_Pooling/config.json | \"pooling_mode_mean_sqrt_len_tokens\": true,"
            + " | \"pooling_mode_new\": true, | asks for the pooling new;",
        "1_Pooling/config.json | \"word_embedding_dimension\": 33"
            + " | \"word_embedding_dimension\": 384"
            + " | word_embedding_dimension is 384, the encoder has 33",
        "sentence_bert_config.json | 64 | -64 | kumiko.max_tokens is -64, but must be from 3",
      })
  void refusesByName(String file, String before, String after, String message) throws IOException {
    TestModels.edit(source.resolve(file), before, after);
    assertRefused(message);
  }

  @Test
  void refusesModelsOfAnotherKindThatHaveTheSameModules() throws IOException {
    Path config = source.resolve("config_sentence_transformers.json");
    for (String kind : List.of("SparseEncoder", "CrossEncoder", "MultiVectorEncoder")) {
      Files.writeString(config, "{\"model_type\": \"%s\"}".formatted(kind));
      assertRefused(
          "model_type is %s; Kumiko supports SentenceTransformer, and CrossEncoder of a"
              .formatted(kind));
    }
    Files.writeString(config, "{\"model_type\": \"SentenceTransformer\"}");
    Converter.convert(source, folder.resolve("t.safetensors"), ConversionOptions.NONE, line -> {});
  }

  @Test
  void refusesTheReaderOfDpr() throws IOException {
    Path config = source.resolve("config.json");
    TestModels.edit(config, "\"model_type\": \"bert\"", "\"model_type\": \"dpr\"");
    TestModels.edit(config, "\"BertModel\"", "\"DPRReader\"");
    assertRefused("is DPRReader, which marks answers; Kumiko supports DPR's two encoders");
  }

  @Test
  void namesAMissingFile() throws IOException {
    Files.delete(source.resolve("tokenizer.json"));
    assertRefused(
        "has no tokenizer.json",
        "AutoTokenizer.from_pretrained(folder).save_pretrained(folder) writes a tokenizer.json");
    Files.delete(source.resolve("config.json"));
    assertRefused("config.json is missing.");
    Files.delete(source.resolve("model.safetensors"));
    assertRefused(" has no model.safetensors.");
    Files.createFile(source.resolve("pytorch_model.bin"));
    assertRefused("only pytorch_model.bin: a pickle", "Save the model anew with safetensors");
  }

  @Test
  void asksForWhatABareEncoderDoesNotState() throws IOException {
    Files.delete(source.resolve("modules.json"));
    assertRefused(
        "does not state the pooling (--pooling mean, cls, max, ...)",
        "whether vectors are normalised (--normalize or --no-normalize)");
  }

  @Test
  void refusesTensorsItCannotExplainOrUse() throws IOException {
    rewrite(tensors -> tensors.put("encoder.adapter.weight", new float[] {1}));
    assertRefused("belong to no part of a BERT with 2 layers: encoder.adapter.weight");
    rewrite(tensors -> tensors.remove("encoder.adapter.weight"));
    rewrite(tensors -> tensors.get("encoder.layer.1.output.dense.weight")[34] = Float.NaN);
    assertRefused("encoder.layer.1.output.dense.weight has the value NaN at element 34");
  }

  private void rewrite(Consumer<Map<String, float[]>> change) throws IOException {
    Path file = source.resolve("model.safetensors");
    Path changed = folder.resolve("changed.safetensors");
    try (ModelFile before = ModelFile.open(file)) {
      Map<String, float[]> tensors = new TreeMap<>();
      for (Tensor tensor : before.tensors().values()) {
        tensors.put(tensor.name(), tensor.toFloats());
      }
      change.accept(tensors);
      ModelWriter writer = new ModelWriter(changed);
      for (Map.Entry<String, float[]> tensor : tensors.entrySet()) {
        float[] values = tensor.getValue();
        long[] shape =
            before.find(tensor.getKey()).isPresent()
                ? before.tensor(tensor.getKey()).shape().stream().mapToLong(i -> i).toArray()
                : new long[] {values.length};
        writer.floats(tensor.getKey(), values, shape);
      }
      writer.write();
    }
    Files.move(changed, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void refusesIntegerWeights() throws IOException {
    Path file = source.resolve("model.safetensors");
    Path changed = folder.resolve("changed.safetensors");
    try (ModelFile before = ModelFile.open(file)) {
      ModelWriter writer = new ModelWriter(changed);
      for (Tensor tensor : before.tensors().values()) {
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        writer.bytes(tensor.name(), DType.I8, new byte[(int) tensor.elements()], shape);
      }
      writer.write();
    }
    Files.move(changed, file, StandardCopyOption.REPLACE_EXISTING);
    assertRefused("embeddings.word_embeddings.weight holds I8 values", "fp32 export");
  }

  @Test
  void refusesSourcesOfNoKnownKind() throws IOException {
    source = folder.resolve("absent");
    assertRefused("absent does not exist.");
    source = Files.writeString(folder.resolve("notes.txt"), "hello");
    assertRefused("notes.txt is neither an .onnx file, nor a .jar, nor a Hugging Face folder.");
  }

  @Test
  void keepsAnEarlierTargetWhenItFails() throws IOException {
    Path target = Files.writeString(folder.resolve("kept"), "as it was");
    Files.delete(source.resolve("tokenizer.json"));
    try {
      Converter.convert(source, target, ConversionOptions.NONE, line -> {});
    } catch (ConversionException expected) {
      assertEquals("as it was", Files.readString(target));
      return;
    }
    throw new AssertionError("converted without a tokenizer");
  }
}
