package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Int8ActivationsTest {
  private static final Int8Activations ACTIVATIONS = new Int8Activations(5, 80);
  private static final String UP = "layers.1.feed_forward.up";

  @TempDir Path folder;

  private final Map<String, Consumer<ModelWriter>> changes = new LinkedHashMap<>();

  /** A model of zeros, but for the {@link #changes}. */
  private ModelFile file(Architecture architecture) throws IOException {
    Path path = folder.resolve("m.safetensors");
    ModelWriter writer = new ModelWriter(path);
    ModelDescription description = Descriptions.description().withArchitecture(architecture);
    Map<String, List<Long>> linear = TensorNames.linearMaps(architecture);
    TensorNames.required(description)
        .forEach(
            (name, shape) -> {
              String part = name.replaceFirst("\\.weight$", "");
              if (linear.containsKey(part)) {
                int rows = Math.toIntExact(shape.get(0));
                int columns = Math.toIntExact(shape.get(1));
                put(
                    writer,
                    name,
                    w -> w.bytes(name, DType.I8, new byte[rows * columns], rows, columns));
                String scale = TensorNames.scale(part);
                put(writer, scale, w -> w.floats(scale, ones(rows), rows, 1));
                String factor = TensorNames.inputFactor(part);
                put(writer, factor, w -> w.floats(factor, ones(columns), columns));
              } else {
                long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
                int size = Math.toIntExact(Arrays.stream(sizes).reduce(1, (a, b) -> a * b));
                writer.floats(name, new float[size], sizes);
              }
            });
    writer.write();
    return ModelFile.open(path);
  }

  private void put(ModelWriter writer, String name, Consumer<ModelWriter> standard) {
    changes.getOrDefault(name, standard).accept(writer);
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1f);
    return ones;
  }

  private void changeUp(byte[] elements) {
    String name = TensorNames.weight(UP);
    changes.put(name, w -> w.bytes(name, DType.I8, elements, 20, 12));
  }

  private void check(Optional<Int8Activations> activations) throws IOException {
    Architecture fp32 = Descriptions.architecture();
    Architecture architecture = activations.map(fp32::withInt8Activations).orElse(fp32);
    try (ModelFile file = file(architecture)) {
      TensorNames.check(file, Descriptions.description().withArchitecture(architecture));
    }
  }

  private void refused(Reason reason, String tensor, String... messages) {
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> check(Optional.of(ACTIVATIONS)));
    assertEquals(reason, e.reason(), e.getMessage());
    assertEquals(tensor, e.tensor());
    for (String message : messages) {
      assertTrue(e.getMessage().contains(message), e.getMessage());
    }
    assertTrue(e.getMessage().startsWith(folder.resolve("m.safetensors") + ": "), e.getMessage());
  }

  @Test
  void aSumOf16BitsHoldsTheLargestActivations() {
    assertEquals(409, ACTIVATIONS.largestSum());
    assertEquals(258, new Int8Activations(32, 127).largestSum());
    assertEquals(32767, new Int8Activations(32, 1).largestSum());
  }

  /** The groups of a row are 0 to 4, 5 to 9, and 10 and 11. */
  @Test
  void groupsMayReachTheLargestSum() throws IOException {
    byte[] elements = new byte[20 * 12];
    byte[] row = {100, -100, 100, -100, 9, -127, -127, -127, -28, 0, -128, 127};
    System.arraycopy(row, 0, elements, 7 * 12, 12);
    changeUp(elements);
    assertDoesNotThrow(() -> check(Optional.of(ACTIVATIONS)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4, 0", "5, 1", "9, 1"})
  void oneMoreIsRefused(int column, int group) throws IOException {
    byte[] elements = new byte[20 * 12];
    byte[] row = {100, -100, 100, -100, 9, -102, -102, -102, -102, -1, 0, 0};
    row[column] += (byte) Integer.signum(row[column]);
    System.arraycopy(row, 0, elements, 7 * 12, 12);
    changeUp(elements);
    refused(
        Reason.VALUE_OUT_OF_RANGE,
        TensorNames.weight(UP),
        "row 7, group " + group + ", add up to 410",
        "they may be 409 at most");
  }

  @Test
  void theLastShortGroupIsCheckedToo() {
    byte[] elements = new byte[20 * 12];
    Arrays.fill(elements, 20 * 12 - 2, 20 * 12, (byte) -128);
    changeUp(elements);
    assertDoesNotThrow(() -> check(Optional.of(new Int8Activations(5, 127))));
    elements[20 * 12 - 3] = 3;
    assertDoesNotThrow(() -> check(Optional.of(new Int8Activations(5, 127))));
    ModelFormatException e =
        assertThrows(
            ModelFormatException.class, () -> check(Optional.of(new Int8Activations(9, 127))));
    assertTrue(e.getMessage().contains("row 19, group 1, add up to 259"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, -0f, -1f, Float.NaN, Float.POSITIVE_INFINITY})
  void refusesAFactorThatIsNotPositiveAndFinite(float factor) {
    String name = TensorNames.inputFactor(UP);
    float[] factors = ones(12);
    factors[3] = factor;
    changes.put(name, w -> w.floats(name, factors, 12));
    refused(Reason.VALUE_OUT_OF_RANGE, name, "the factor of input 3 is " + factor);
  }

  @Test
  void refusesFactorsThatAreMissingOrOfTheWrongLength() {
    String name = TensorNames.inputFactor(UP);
    changes.put(name, w -> w.floats(name, ones(20), 20));
    refused(Reason.UNEXPECTED_TENSOR, name, "is F32 [20], expected F32 [12]");
    changes.put(name, w -> {});
    refused(Reason.MISSING_TENSOR, name);
  }

  @Test
  void refusesFactorsThatTheDescriptionKnowsNothingOf() {
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> check(Optional.empty()));
    assertEquals("layers.0.attention.query.input_factor", e.tensor());
    assertTrue(e.getMessage().contains("has no int8_activations"), e.getMessage());
  }

  @Test
  void refusesAFloatingPointLayer() {
    String name = TensorNames.weight(UP);
    changes.put(name, w -> w.floats(name, new float[20 * 12], 20, 12));
    refused(Reason.UNEXPECTED_TENSOR, name, "is F32 [20, 12], expected I8 [20, 12]");
  }

  @Test
  void refusesMoreGroupsThanFloatCanAddUp() throws IOException {
    Architecture wide = new Architecture("bert", 1, 12, 3, 513, Activation.GELU, 1, 30, 16, 2);
    for (int groupSize : new int[] {1, 2}) {
      Architecture architecture = wide.withInt8Activations(new Int8Activations(groupSize, 80));
      ModelDescription description = Descriptions.description().withArchitecture(architecture);
      try (ModelFile file = file(architecture)) {
        if (groupSize == 2) {
          assertDoesNotThrow(() -> TensorNames.check(file, description));
        } else {
          ModelFormatException e =
              assertThrows(ModelFormatException.class, () -> TensorNames.check(file, description));
          assertEquals("layers.0.feed_forward.down.weight", e.tensor());
          assertTrue(e.getMessage().contains("513 inputs are more than 512 groups of 1"));
        }
      }
    }
  }

  @Test
  void readsFactors() throws IOException {
    float[] factors = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0.5f};
    String name = TensorNames.inputFactor(UP);
    changes.put(name, w -> w.floats(name, factors, 12));
    try (ModelFile file = file(Descriptions.architecture().withInt8Activations(ACTIVATIONS))) {
      assertArrayEquals(factors, Int8Activations.factors(file, UP, 12));
    }
  }

  private static ModelDescription read(Map<String, String> metadata) throws IOException {
    return new DescriptionReader("m", metadata).read();
  }

  @Test
  void theDescriptionComesBack() throws IOException {
    ModelDescription description =
        Descriptions.description()
            .withArchitecture(Descriptions.architecture().withInt8Activations(ACTIVATIONS));
    Map<String, String> metadata = description.toMetadata();
    assertEquals(description, read(metadata));
    String json = metadata.get("kumiko.architecture");
    String stored = "\"int8_activations\":{\"group_size\":5,\"limit\":80}";
    assertTrue(json.contains(stored), json);
    metadata.put("kumiko.architecture", json.replace(stored, "\"int8_activations\":null"));
    assertEquals(Descriptions.description(), read(metadata));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 80, group_size is 0",
    "-32, 80, group_size is -32",
    "32768, 80, group_size is 32768",
    "32, 0, limit is 0",
    "32, 128, limit is 128"
  })
  void refusesNumbersOutOfRange(int groupSize, int limit, String message) {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    metadata.computeIfPresent(
        "kumiko.architecture",
        (key, json) ->
            json.replaceFirst(
                "\\{",
                "{\"int8_activations\":{\"group_size\":%d,\"limit\":%d},"
                    .formatted(groupSize, limit)));
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
    assertEquals(Reason.BAD_DESCRIPTION, e.reason());
    assertTrue(e.getMessage().contains("int8_activations." + message), e.getMessage());
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Map<String, String> metadata = Descriptions.description().toMetadata();
    metadata.computeIfPresent(
        "kumiko.architecture",
        (key, json) ->
            json.replaceFirst(
                "\\{", "{\"int8_activations\":{\"group_size\":5,\"limit\":80,\"bits\":8},"));
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(metadata));
    assertTrue(e.getMessage().contains("bits"), e.getMessage());
  }
}
