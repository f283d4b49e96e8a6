package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.kumiko.Embedder;
import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a folder of a decoder, by name, and a very long text that is none. */
class DecoderRefusalTest {
  @TempDir private Path folder;

  private Path copy(String fixture) throws IOException {
    return TestModels.copy("fixtures/" + fixture, folder.resolve(fixture));
  }

  private void assertRefused(Path source, String message) throws IOException {
    String found = TestModels.refusal(source, folder, ConversionOptions.NONE);
    assertTrue(found.contains(message), found);
  }

  private static void editConfig(Path source, String before, String after) throws IOException {
    Path config = source.resolve("config.json");
    Files.writeString(config, Files.readString(config).replaceAll("\\s+", " "));
    TestModels.edit(config, before, after);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qwen3-lasttoken | \"rope_type\": \"default\""
            + " | \"rope_type\": \"yarn\", \"factor\": 4"
            + " | rope_parameters has the rope_type yarn, which Kumiko does not have; it supports"
            + " default, linear, llama3, ntk",
        "qwen3-lasttoken | \"rope_type\": \"default\" | \"rope_type\": \"dynamic\""
            + " | the rope_type dynamic, which",
        "qwen3-lasttoken | \"rope_type\": \"default\" | \"rope_type\": \"nonsense\""
            + " | the rope_type nonsense, which",
        "phi3 | \"rope_type\": \"default\" | \"rope_type\": \"longrope\""
            + " | the rope_type longrope, which",
        "mistral-lasttoken | \"rope_scaling\": null | \"rope_scaling\": {\"type\": \"su\"}"
            + " | rope_scaling has the rope_type su, which",
        "qwen3-lasttoken | \"layer_types\": [ \"full_attention\","
            + " | \"layer_types\": [ \"chunked_attention\","
            + " | layer_types[0] is chunked_attention; Kumiko supports full_attention,"
            + " sliding_attention",
        "qwen3-lasttoken | \"layer_types\": [ \"full_attention\", | \"layer_types\": ["
            + " | layer_types has 3 items, num_hidden_layers is 4",
        "qwen3-lasttoken | \"layer_types\": [ \"full_attention\","
            + " | \"layer_types\": [ \"sliding_attention\","
            + " | layer_types names sliding_attention, but sliding_window is not stated",
        "gemma3-bidirectional | \"sliding_window\": 8 | \"sliding_window\": 7"
            + " | sliding_window is 7 beside use_bidirectional_attention: versions of transformers",
        "llama-lasttoken | \"num_key_value_heads\": 2 | \"num_key_value_heads\": 3"
            + " | num_key_value_heads is 3, which does not divide num_attention_heads 4",
        "llama-lasttoken | \"num_attention_heads\": 4 | \"num_attention_heads\": 5"
            + " | num_key_value_heads is 2, which does not divide num_attention_heads 5",
        "qwen3-lasttoken | \"attention_bias\": false"
            + " | \"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4}"
            + " | quantization_config is stated with gptq: the weights are quantised",
        "qwen3-lasttoken | \"attention_bias\": false"
            + " | \"quantization_config\": {\"quant_method\": \"awq\"}"
            + " | stated with awq: the weights are quantised, or will be",
        "qwen3-lasttoken | \"attention_bias\": false"
            + " | \"quantization_config\": {\"load_in_4bit\": true}"
            + " | Kumiko reads only its own int8; convert the model as it was before",
      })
  void refusesByName(String fixture, String before, String after, String message)
      throws IOException {
    Path source = copy(fixture);
    editConfig(source, before, after);
    assertRefused(source, message);
  }

  /** Replaces a tensor, or leaves it out where there is no other name. */
  private void rewrite(Path source, String name, String other, DType type) throws IOException {
    Path weights = source.resolve("model.safetensors");
    Path changed = folder.resolve("changed.safetensors");
    try (ModelFile file = ModelFile.open(weights)) {
      ModelWriter writer = new ModelWriter(changed);
      for (Tensor tensor : file.tensors().values()) {
        if (!tensor.name().equals(name)) {
          writer.copy(tensor.name(), tensor);
        } else if (other != null) {
          writer.bytes(other, type, new byte[4 * type.bytes()], 4);
        }
      }
      writer.write();
    }
    Files.move(changed, weights, StandardCopyOption.REPLACE_EXISTING);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-lasttoken, layers.2.self_attn.q_norm.weight",
    "qwen3-weightedmean, layers.0.self_attn.k_norm.weight",
    "gemma3-bidirectional, layers.1.self_attn.k_norm.weight",
    "gemma3-bidirectional, layers.1.pre_feedforward_layernorm.weight",
  })
  void aNormThatIsNotThereIsNamed(String fixture, String tensor) throws IOException {
    Path source = copy(fixture);
    rewrite(source, tensor, null, DType.F32);
    assertRefused(source, "the tensor " + tensor + " is missing.");
  }

  @ParameterizedTest
  @CsvSource({
    "q_proj.qweight, I32, GPTQ or AWQ",
    "q_proj.qzeros, I32, GPTQ or AWQ",
    "q_proj.g_idx, I32, GPTQ or AWQ",
    "q_proj.weight.absmax, U8, bitsandbytes",
    "q_proj.SCB, F32, bitsandbytes",
    "q_proj.weight_packed, I32, compressed-tensors",
    "q_proj.weight_scale, F32, compressed-tensors",
    "q_proj.weight_scale_inv, F32, FP8",
  })
  void quantisedWeightsAreKnownByTheirTensors(String name, DType type, String method)
      throws IOException {
    Path source = copy("qwen3-lasttoken");
    String attention = "layers.0.self_attn.";
    rewrite(source, attention + "q_proj.weight", attention + name, type);
    assertRefused(
        source,
        "has the tensor %s%s: the weights are quantised with %s, and Kumiko reads only its own int8; convert the model as it was before."
            .formatted(attention, name, method));
  }

  /** Four bits in a byte, as bitsandbytes stores them, without what goes with them. */
  @Test
  void bytesInPlaceOfWeightsAreRefused() throws IOException {
    Path source = copy("qwen3-lasttoken");
    String name = "layers.0.self_attn.q_proj.weight";
    rewrite(source, name, name, DType.U8);
    assertRefused(source, name);
  }

  @Test
  void ggufIsRefusedAsAFileAndInAFolder() throws IOException {
    Path source = copy("llama-lasttoken");
    Files.move(source.resolve("model.safetensors"), source.resolve("model-Q4_K_M.gguf"));
    assertRefused(source, "has no model.safetensors, only model-Q4_K_M.gguf: a GGUF file");
    assertRefused(
        source.resolve("model-Q4_K_M.gguf"),
        "is a GGUF file, which Kumiko does not read; convert the Hugging Face folder");
  }

  @Test
  void theJinaForCodeIsRefusedByWhatItIs() throws IOException {
    Path source = copy("jina2");
    String name = "encoder.layer.0.attention.output.LayerNorm.weight";
    rewrite(source, name, "encoder.layer.0.attention.self.layer_norm_q.weight", DType.F32);
    assertRefused(source, "this is the Jina 2 for code, which normalises queries and keys");
  }

  /**
   * A million positions are a number in a file. Their angles alone would be 48 MB: a million times
   * 6 cosines and sines.
   */
  @Test
  void aMillionPositionsCostNothing() throws IOException {
    Path source = copy("llama-lasttoken");
    editConfig(source, "\"max_position_embeddings\": 256", "\"max_position_embeddings\": 1000000");
    Files.delete(source.resolve("sentence_bert_config.json"));
    TestModels.edit(source.resolve("tokenizer_config.json"), "model_max_length", "no_length");
    Path target = folder.resolve("long.safetensors");
    List<String> log = new ArrayList<>();
    Converter.convert(source, target, ConversionOptions.NONE, log::add);
    Path usual = folder.resolve("usual.safetensors");
    Converter.convert(
        TestModels.resource("fixtures/llama-lasttoken"), usual, ConversionOptions.NONE, line -> {});
    assertTrue(Files.size(target) < Files.size(usual) + 1000, "" + Files.size(target));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Embedder first = Embedder.load(usual)) {
      float[] expected = first.embed("a roof").vector();
      long before = threads.getCurrentThreadAllocatedBytes();
      try (Embedder embedder = Embedder.builder().threads(1).load(target)) {
        assertEquals(1_000_000, embedder.model().maxTokens());
        float[] found = embedder.embed("a roof").vector();
        assertArrayEquals(expected, found);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 24_000_000, allocated + " bytes");
        assertTrue(embedder.embed("a roof ".repeat(1200)).tokens() > 2000);
      }
    }
  }
}
