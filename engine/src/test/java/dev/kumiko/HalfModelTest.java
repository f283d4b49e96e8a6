package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models whose weights have 16 bits give the vectors of the same weights as floats. */
class HalfModelTest {
  private static final String UP = "layers.0.feed_forward.up.weight";

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
  }

  /** Returns the bits of a number of which BF16 takes the upper half. */
  private static short rounded(float value, DType type) {
    return type == DType.BF16
        ? (short) (Float.floatToRawIntBits(value) >> 16)
        : Float.floatToFloat16(value);
  }

  private static float widened(short bits, DType type) {
    return type == DType.BF16 ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat(bits);
  }

  /** Writes a copy in which each floating-point tensor has the type that is said, or F32. */
  private Path copy(String name, Function<String, DType> rounding, boolean wide)
      throws IOException {
    Path target = folder.resolve(name);
    try (ModelFile file = ModelFile.open(model)) {
      ModelWriter writer = new ModelWriter(target).metadata(file.metadata());
      for (Tensor tensor : file.tensors().values()) {
        if (tensor.type() == DType.F32) {
          add(writer, tensor, rounding.apply(tensor.name()), wide);
        } else {
          writer.copy(tensor.name(), tensor);
        }
      }
      writer.write();
    }
    return target;
  }

  private static void add(ModelWriter writer, Tensor tensor, DType type, boolean wide)
      throws IOException {
    float[] values = tensor.toFloats();
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    ByteBuffer bytes =
        ByteBuffer.allocate(Short.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      short bits = rounded(values[i], type);
      bytes.putShort(bits);
      values[i] = widened(bits, type);
    }
    if (wide) {
      writer.floats(tensor.name(), values, shape);
    } else {
      writer.bytes(tensor.name(), type, bytes.array(), shape);
    }
  }

  private static float[][] vectors(Path model) throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      List<String> texts = Fixture.open("bert-mean").texts();
      return embedder.embedAll(texts).stream().map(Embedding::vector).toArray(float[][]::new);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void vectorsAreThoseOfTheSameWeightsAsFloats(DType type) throws IOException {
    Path half = copy("half", name -> type, false);
    Path wide = copy("wide", name -> type, true);
    assertArrayEquals(vectors(wide), vectors(half));
    assertEquals(2, (double) floatBytes(wide) / floatBytes(half));
  }

  private static long floatBytes(Path model) throws IOException {
    try (ModelFile file = ModelFile.open(model)) {
      return file.tensors().values().stream()
          .filter(tensor -> tensor.type().isFloating())
          .mapToLong(tensor -> tensor.data().byteSize())
          .sum();
    }
  }

  /** Query, key and value are one layer, whatever their types. */
  @Test
  void partsOfOneLayerMayHaveDifferentTypes() throws IOException {
    Function<String, DType> mixed =
        name -> name.contains("key") || name.endsWith("bias") ? DType.BF16 : DType.F16;
    assertArrayEquals(vectors(copy("wide", mixed, true)), vectors(copy("half", mixed, false)));
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void aWeightThatIsNotFiniteIsRefused(DType type) throws IOException {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -Float.MAX_VALUE * 2}) {
      Path bad = folder.resolve("bad.safetensors");
      Path half = copy("half", name -> type, false);
      try (ModelFile file = ModelFile.open(half)) {
        Tensor up = file.tensor(UP);
        byte[] bytes = up.data().toArray(ValueLayout.JAVA_BYTE);
        MemorySegment.ofArray(bytes)
            .set(
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                2 * 1234,
                rounded(value, type));
        long[] shape = up.shape().stream().mapToLong(Long::longValue).toArray();
        new ModelCopy(half).with(UP, writer -> writer.bytes(UP, type, bytes, shape)).write(bad);
      }
      ModelFormatException e = assertThrows(ModelFormatException.class, () -> Embedder.load(bad));
      assertEquals(
          bad
              + ": tensor "
              + UP
              + ": element 1,234 is infinite or not a number; a model that can be used has only finite weights.",
          e.getMessage());
    }
  }

  @Test
  void anotherTypeOrShapeIsRefused() throws IOException {
    Path bad = folder.resolve("bad.safetensors");
    new ModelCopy(model)
        .with(UP, writer -> writer.bytes(UP, DType.BF16, new byte[12], 2, 3))
        .write(bad);
    ModelFormatException shape = assertThrows(ModelFormatException.class, () -> Embedder.load(bad));
    assertTrue(shape.getMessage().contains(UP), shape.getMessage());
    assertTrue(shape.getMessage().contains("BF16 [2, 3]"), shape.getMessage());
    new ModelCopy(model)
        .with(UP, writer -> writer.bytes(UP, DType.U16, new byte[12], 2, 3))
        .write(bad);
    ModelFormatException type = assertThrows(ModelFormatException.class, () -> Embedder.load(bad));
    assertTrue(type.getMessage().contains("is U16 [2, 3]"), type.getMessage());
    assertTrue(type.getMessage().contains("floating-point numbers [80, 48]"), type.getMessage());
  }
}
