package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights that are rounded when a model is converted, and those that cannot be. */
class WeightTypeTest {
  private static final String MATRIX = "encoder.layer.1.output.dense.weight";

  @TempDir private Path folder;

  private static Weight weight(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    List<Long> shape = List.of(1L, (long) values.length);
    return new Weight("w", DType.F32, shape, MemorySegment.ofArray(bytes.array()), false);
  }

  private static byte[] written(Weight weight, DType type) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    weight.writeTo(out, type);
    return out.toByteArray();
  }

  /** The definition, slowly: of the two BF16 around a number the nearer, or the even one. */
  private static float nearest(float value) {
    int bits = Float.floatToRawIntBits(value);
    float below = Float.intBitsToFloat(bits & 0xFFFF0000);
    float above = Float.intBitsToFloat((bits & 0xFFFF0000) + 0x10000);
    double toBelow = Math.abs((double) value - below);
    double toAbove = Math.abs((double) above - value);
    boolean belowIsEven = (bits & 0x10000) == 0;
    return toBelow < toAbove || (toBelow == toAbove && belowIsEven) ? below : above;
  }

  @Test
  void roundsToTheNearestAndTiesToEven() throws IOException {
    Random random = new Random(5);
    float[] values = new float[20_000];
    for (int i = 0; i < values.length; i++) {
      float value = (float) (random.nextGaussian() * Math.scalb(1.0, random.nextInt(28) - 24));
      int bits = Float.floatToRawIntBits(value);
      // Every fourth one lies in the middle between two.
      values[i] = i % 4 == 0 ? Float.intBitsToFloat((bits & 0xFFFF0000) | 0x8000) : value;
    }
    values[1] = -0f;
    values[2] = Float.MIN_VALUE;
    float[] expected = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      expected[i] = nearest(values[i]);
    }
    Weight weight = weight(values);
    assertArrayEquals(
        expected, HalfFloats.decode(written(weight, DType.BF16), DType.BF16), "as BF16");
    assertArrayEquals(
        HalfFloats.encode(values, DType.F16), written(weight, DType.F16), "as the JDK rounds");
    assertEquals(-1, weight.data().mismatch(MemorySegment.ofArray(written(weight, DType.F32))));
  }

  private Path source(float value, DType type) throws IOException {
    Path source = TestModels.copy("fixtures/bert-mean", folder.resolve("source"));
    Path weights = source.resolve("model.safetensors");
    Path changed = folder.resolve("changed");
    try (ModelFile file = ModelFile.open(weights)) {
      ModelWriter writer = new ModelWriter(changed);
      for (Tensor tensor : file.tensors().values()) {
        if (tensor.name().equals(MATRIX)) {
          float[] values = tensor.toFloats();
          values[1234] = value;
          long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
          if (type == DType.F32) {
            writer.floats(MATRIX, values, shape);
          } else {
            writer.bytes(MATRIX, type, HalfFloats.encode(values, type), shape);
          }
        } else {
          writer.copy(tensor.name(), tensor);
        }
      }
      writer.write();
    }
    Files.move(changed, weights, StandardCopyOption.REPLACE_EXISTING);
    return source;
  }

  @ParameterizedTest
  @CsvSource({"F16,65520.0", "F16,-70000.0", "BF16,3.4028235E38"})
  void aWeightThatIsTooLargeIsRefusedByItsName(WeightType type, float value) throws IOException {
    ConversionOptions options = ConversionOptions.NONE.withWeights(type);
    String message = TestModels.refusal(source(value, DType.F32), folder, options);
    assertTrue(
        message.endsWith(
            "Tensor %s has the value %s at element 1,234, which is too large for %s; convert without --weights, or with another type."
                .formatted(MATRIX, value, type)),
        message);
  }

  @ParameterizedTest
  @CsvSource({"F16,NaN", "F16,Infinity", "BF16,-Infinity", "BF16,NaN"})
  void aKeptWeightThatIsNotFiniteIsRefused(DType type, float value) throws IOException {
    String message = TestModels.refusal(source(value, type), folder, ConversionOptions.NONE);
    assertTrue(
        message.endsWith(
            "Tensor %s has the value %s at element 1,234; a model that can be used has only finite ones."
                .formatted(MATRIX, value)),
        message);
  }

  @ParameterizedTest
  @CsvSource({"F16", "BF16"})
  void matricesAreRoundedAndVectorsStay(DType type) throws IOException {
    Path target = folder.resolve("model.safetensors");
    Converter.convert(
        TestModels.resource("fixtures/bert-mean"),
        target,
        ConversionOptions.NONE.withWeights(WeightType.valueOf(type.name())),
        line -> {});
    int matrices = 0;
    try (ModelFile file = ModelFile.open(target)) {
      for (Tensor tensor : file.tensors().values()) {
        boolean matrix = tensor.shape().size() == 2;
        matrices += matrix ? 1 : 0;
        if (!tensor.name().startsWith("tokenizer.")) {
          assertEquals(matrix ? type : DType.F32, tensor.type(), tensor.name());
        }
      }
    }
    assertTrue(matrices > 3, matrices + " matrices");
  }
}
