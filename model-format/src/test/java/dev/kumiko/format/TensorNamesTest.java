package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorNamesTest {
  @TempDir Path directory;

  @Test
  void namesWhatAnEncoderNeeds() {
    Map<String, List<Long>> required = TensorNames.required(Descriptions.architecture());
    assertEquals(5 + 2 * 16, required.size());
    Map<String, List<Long>> expected = new LinkedHashMap<>();
    expected.put("embeddings.token.weight", List.of(30L, 12L));
    expected.put("embeddings.position.weight", List.of(16L, 12L));
    expected.put("embeddings.token_type.weight", List.of(2L, 12L));
    expected.put("embeddings.norm.weight", List.of(12L));
    expected.put("embeddings.norm.bias", List.of(12L));
    for (String part : List.of("query", "key", "value", "output")) {
      expected.put("layers.1.attention." + part + ".weight", List.of(12L, 12L));
      expected.put("layers.1.attention." + part + ".bias", List.of(12L));
    }
    for (String part : List.of("attention", "feed_forward")) {
      expected.put("layers.1." + part + ".norm.weight", List.of(12L));
      expected.put("layers.1." + part + ".norm.bias", List.of(12L));
    }
    expected.put("layers.1.feed_forward.up.weight", List.of(20L, 12L));
    expected.put("layers.1.feed_forward.up.bias", List.of(20L));
    expected.put("layers.1.feed_forward.down.weight", List.of(12L, 20L));
    expected.put("layers.1.feed_forward.down.bias", List.of(12L));
    required.keySet().removeIf(name -> name.startsWith("layers.0."));
    assertEquals(expected, required);
  }

  @Test
  void namesWhatOtherPartsNeed() {
    Architecture rotary =
        new Architecture(
            "other",
            2,
            12,
            3,
            20,
            Activation.GELU,
            1e-5,
            30,
            16,
            0,
            new Layout(
                new Position.Rotary(10_000, 100),
                Optional.of(new Layout.RelativeBias(8, 32)),
                Optional.empty(),
                Layout.NormPlace.BEFORE,
                true,
                false,
                false));
    Map<String, List<Long>> expected = new LinkedHashMap<>();
    expected.put("embeddings.token.weight", List.of(30L, 12L));
    expected.put("embeddings.norm.weight", List.of(12L));
    expected.put("attention.relative_bias.weight", List.of(8L, 3L));
    for (int layer = 0; layer < 2; layer++) {
      String name = "layers." + layer;
      for (String part : List.of("query", "key", "value", "output")) {
        expected.put(name + ".attention." + part + ".weight", List.of(12L, 12L));
      }
      if (layer > 0) {
        expected.put(name + ".attention.norm.weight", List.of(12L));
      }
      expected.put(name + ".feed_forward.up.weight", List.of(20L, 12L));
      expected.put(name + ".feed_forward.gate.weight", List.of(20L, 12L));
      expected.put(name + ".feed_forward.down.weight", List.of(12L, 20L));
      expected.put(name + ".feed_forward.norm.weight", List.of(12L));
    }
    expected.put("final.norm.weight", List.of(12L));
    assertEquals(expected, TensorNames.required(rotary));
    assertEquals(1 + 2 * 7, TensorNames.quantizable(rotary).size());
  }

  /** Two poolings of 12 make 24. */
  @Test
  void namesWhatTheHeadNeeds() {
    Map<String, List<Long>> required = TensorNames.required(Descriptions.description());
    assertEquals(5 + 2 * 16 + 3, required.size());
    assertEquals(List.of(7L, 24L), required.get("head.0.weight"));
    assertEquals(List.of(7L), required.get("head.0.bias"));
    assertEquals(List.of(7L), required.get("head.1.weight"));
    assertEquals(7, Descriptions.description().dimension());
  }

  private static ModelDescription with(Architecture architecture) {
    ModelDescription good = Descriptions.description();
    return new ModelDescription(
        good.name(),
        good.source(),
        architecture,
        good.head(),
        good.similarity(),
        good.maxTokens(),
        good.prompts(),
        good.defaultPrompt(),
        good.tokenizer(),
        Optional.empty());
  }

  private ModelFile file(String changed, DType type, long... shape) throws IOException {
    Path path = directory.resolve("m.safetensors");
    ModelWriter writer = new ModelWriter(path).floats("further", new float[1], 1);
    TensorNames.required(Descriptions.description())
        .forEach(
            (name, wanted) -> {
              long[] right = wanted.stream().mapToLong(Long::longValue).toArray();
              boolean change = name.equals(changed);
              zeros(writer, name, change ? type : DType.BF16, change ? shape : right);
            });
    writer.write();
    return ModelFile.open(path);
  }

  private static void zeros(ModelWriter writer, String name, DType type, long... shape) {
    int size = type.bytes();
    for (long dimension : shape) {
      size *= (int) dimension;
    }
    writer.bytes(name, type, new byte[size], shape);
  }

  @Test
  void checksThemInAFile() throws IOException {
    ModelDescription architecture = Descriptions.description();
    try (ModelFile file = file("", DType.F32)) {
      assertDoesNotThrow(() -> TensorNames.check(file, architecture));
      ModelDescription deeper =
          with(new Architecture("bert", 3, 12, 3, 20, Activation.GELU, 1, 30, 16, 2));
      ModelFormatException e =
          assertThrows(ModelFormatException.class, () -> TensorNames.check(file, deeper));
      assertEquals(Reason.MISSING_TENSOR, e.reason());
      assertEquals("layers.2.attention.query.weight", e.tensor());
    }
    try (ModelFile file = file("layers.1.feed_forward.up.weight", DType.F16, 12, 20)) {
      ModelFormatException e =
          assertThrows(ModelFormatException.class, () -> TensorNames.check(file, architecture));
      assertEquals(Reason.UNEXPECTED_TENSOR, e.reason());
      assertTrue(
          e.getMessage()
              .endsWith(
                  "tensor layers.1.feed_forward.up.weight is F16 [12, 20], but the architecture"
                      + " asks for floating-point numbers [20, 12]"),
          e.getMessage());
    }
    try (ModelFile file = file("embeddings.norm.bias", DType.I32, 12)) {
      ModelFormatException e =
          assertThrows(ModelFormatException.class, () -> TensorNames.check(file, architecture));
      assertEquals("embeddings.norm.bias", e.tensor());
    }
  }
}
