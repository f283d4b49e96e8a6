package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.DType;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model of 286 MB in BF16, in two shards, is converted by a JVM with a heap of 64 MB, and loaded
 * by one whose heap has room for the weights of its layer once, 122 MB, and 58 MB for all else: not
 * twice, and not as floats.
 */
class LargeModelTest {
  private static final int HIDDEN = 2048;
  private static final int INTERMEDIATE = 8192;
  private static final int KEYS = 512;
  private static final int VOCABULARY = 40_000;
  private static final String TABLE = "embed_tokens.weight";
  private static final String UP = "layers.0.mlp.gate_proj.weight";

  @TempDir private Path folder;

  /** Writes shards of random weights with a deviation of 0.02, whose elements repeat. */
  private Path source() throws IOException {
    Path source = TestModels.copy("fixtures/llama-lasttoken", folder.resolve("large"));
    Files.delete(source.resolve("model.safetensors"));
    Path config = source.resolve("config.json");
    TestModels.edit(config, "\"hidden_size\": 48", "\"hidden_size\": " + HIDDEN);
    TestModels.edit(config, "\"intermediate_size\": 80", "\"intermediate_size\": " + INTERMEDIATE);
    TestModels.edit(config, "\"head_dim\": 12", "\"head_dim\": 128");
    TestModels.edit(config, "\"num_attention_heads\": 4", "\"num_attention_heads\": 16");
    TestModels.edit(config, "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 4");
    TestModels.edit(config, "\"num_hidden_layers\": 6", "\"num_hidden_layers\": 1");
    TestModels.edit(config, "\"vocab_size\": 1400", "\"vocab_size\": " + VOCABULARY);
    TestModels.edit(
        source.resolve("1_Pooling/config.json"),
        "\"word_embedding_dimension\": 48",
        "\"word_embedding_dimension\": " + HIDDEN);
    Map<String, String> index = new LinkedHashMap<>();
    shard(source, "model-00001-of-00002.safetensors", Map.of(TABLE, shape(VOCABULARY)), index);
    Map<String, long[]> layer = new LinkedHashMap<>();
    layer.put("layers.0.self_attn.q_proj.weight", shape(HIDDEN));
    layer.put("layers.0.self_attn.k_proj.weight", shape(KEYS));
    layer.put("layers.0.self_attn.v_proj.weight", shape(KEYS));
    layer.put("layers.0.self_attn.o_proj.weight", shape(HIDDEN));
    layer.put(UP, shape(INTERMEDIATE));
    layer.put("layers.0.mlp.up_proj.weight", shape(INTERMEDIATE));
    layer.put("layers.0.mlp.down_proj.weight", new long[] {HIDDEN, INTERMEDIATE});
    layer.put("layers.0.input_layernorm.weight", new long[] {HIDDEN});
    layer.put("layers.0.post_attention_layernorm.weight", new long[] {HIDDEN});
    layer.put("norm.weight", new long[] {HIDDEN});
    shard(source, "model-00002-of-00002.safetensors", layer, index);
    Files.writeString(
        source.resolve("model.safetensors.index.json"), Json.text(Map.of("weight_map", index)));
    return source;
  }

  private static long[] shape(int rows) {
    return new long[] {rows, HIDDEN};
  }

  private static void shard(
      Path source, String name, Map<String, long[]> tensors, Map<String, String> index)
      throws IOException {
    Random random = new Random(6);
    ByteBuffer row = ByteBuffer.allocate(Short.BYTES * HIDDEN).order(ByteOrder.LITTLE_ENDIAN);
    while (row.hasRemaining()) {
      row.putShort((short) (Float.floatToRawIntBits((float) random.nextGaussian() / 50) >> 16));
    }
    ModelWriter writer = new ModelWriter(source.resolve(name));
    tensors.forEach(
        (tensor, shape) -> {
          index.put(tensor, name);
          long elements = shape.length == 1 ? shape[0] : shape[0] * shape[1];
          writer.tensor(
              tensor,
              DType.BF16,
              shape,
              out -> {
                for (long written = 0; written < elements; written += HIDDEN) {
                  out.write(row.array());
                }
              });
        });
    writer.write();
  }

  private String run(String heap, String... command) throws Exception {
    List<String> line = new ArrayList<>(KilledRun.commandLine(command));
    line.addAll(1, List.of("-XX:+UseSerialGC", "-Xmn12m", "-Xmx" + heap));
    Path output = folder.resolve("child.txt");
    int code =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    String said = Files.readString(output);
    assertEquals(0, code, said);
    return said;
  }

  @Test
  void isConvertedAndLoadedWithoutBeingInMemoryTwice() throws Exception {
    Path source = source();
    Path model = folder.resolve("large.safetensors");
    String said = run("64m", "convert", source.toString(), model.toString());
    assertTrue(said.contains("2048 dimensions"), said);
    try (ModelFile converted = ModelFile.open(model);
        ModelFile first = ModelFile.open(source.resolve("model-00001-of-00002.safetensors"));
        ModelFile second = ModelFile.open(source.resolve("model-00002-of-00002.safetensors"))) {
      var table = converted.tensor("embeddings.token.weight");
      assertEquals(-1, first.tensor(TABLE).data().mismatch(table.data()));
      var up = converted.tensor("layers.0.feed_forward.up.weight");
      assertEquals(-1, second.tensor(UP).data().mismatch(up.data()));
    }
    String vector = run("180m", "embed", "-m", model.toString(), "--format", "csv", "a roof");
    String[] components = vector.lines().toList().getLast().split(",", -1);
    assertEquals(HIDDEN, components.length, vector);
    double square = 0;
    for (String component : components) {
      square += Math.pow(Double.parseDouble(component), 2);
    }
    assertEquals(1, square, 1e-4, "a unit vector");
  }
}
