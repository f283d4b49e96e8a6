package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads {@code reference.safetensors}, which Python's safetensors 0.8.0 wrote. */
class ModelFileTest {
  @TempDir Path directory;
  private byte[] reference;
  private Path path;

  @BeforeEach
  void copyReference() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("reference.safetensors")) {
      reference = in.readAllBytes();
    }
    path = Files.write(directory.resolve("reference.safetensors"), reference);
  }

  private static void checkReference(ModelFile file) throws IOException {
    assertEquals(Map.of("format", "pt", "name", "größe ☃"), file.metadata());
    assertEquals(
        List.of("i64", "f64", "empty", "f32", "scalar", "i32", "bf16", "f16", "i16", "i8", "u8"),
        List.copyOf(file.tensors().keySet()));
    assertEquals(List.of(2L, 2L), file.tensor("f64").shape());
    assertArrayEquals(
        new float[] {1.5f, -2.25f, Float.POSITIVE_INFINITY, 0x1.99999ap-4f},
        file.tensor("f64").toFloats());
    assertArrayEquals(
        new float[] {0x1.99999ap-4f, -3f, 0x1.16c2p-133f}, file.tensor("f32").toFloats());
    assertArrayEquals(new float[] {0x1.998p-4f, -65504f, 0x1p-24f}, file.tensor("f16").toFloats());
    assertArrayEquals(new float[] {0x1.9ap-4f, -0x1.c4p127f}, file.tensor("bf16").toFloats());
    assertArrayEquals(
        new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, file.tensor("i32").toInts());
    assertArrayEquals(new byte[] {-128, 127, 3}, file.tensor("i8").toBytes());
    assertArrayEquals(new byte[] {0, -1}, file.tensor("u8").toBytes());
    assertArrayEquals(new float[] {42f}, file.tensor("scalar").expect(DType.F32).toFloats());
    assertArrayEquals(new float[0], file.tensor("empty").expect(DType.F32, 0, 4).toFloats());
  }

  @Test
  void readsWhatPythonWrote() throws IOException {
    try (ModelFile file = ModelFile.open(path)) {
      assertEquals(path.toString(), file.source());
      assertEquals(reference.length, file.size());
      checkReference(file);
    }
    try (ModelFile file = ModelFile.read(new ByteArrayInputStream(reference), "a resource")) {
      assertEquals("a resource", file.source());
      assertEquals(reference.length, file.size());
      checkReference(file);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 63, 4095, 4096, 4097})
  void readsAModelAtAnyOffsetOfAnotherFile(int offset) throws IOException {
    byte[] bytes = new byte[offset + reference.length + 5];
    System.arraycopy(reference, 0, bytes, offset, reference.length);
    Path container = Files.write(directory.resolve("container"), bytes);
    try (ModelFile file = ModelFile.open(container, offset, reference.length)) {
      checkReference(file);
    }
  }

  @Test
  void readsAStreamThatComesInSmallPieces() throws IOException {
    InputStream slow =
        new ByteArrayInputStream(reference) {
          @Override
          public int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 3));
          }
        };
    try (ModelFile file = ModelFile.read(slow, "slow")) {
      checkReference(file);
    }
  }

  @Test
  void readsAStreamLargerThanTheFirstMemory() throws IOException {
    int size = 40_000_000;
    byte[] bytes =
        Safetensors.of(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[40000000],\"data_offsets\":[0,40000000]}}", size);
    try (ModelFile file = ModelFile.read(new ByteArrayInputStream(bytes), "large")) {
      byte[] read = file.tensor("a").toBytes();
      int header = bytes.length - size;
      for (int i = 0; i < size; i++) {
        assertEquals((byte) (header + i), read[i]);
      }
    }
  }

  /** Sparse, so that the four gigabytes take no room. */
  @Test
  void readsBeyondTwoGigabytes() throws IOException {
    long elements = (1L << 31) + 3;
    long end = 2 * elements;
    Path file = directory.resolve("sparse.safetensors");
    byte[] header =
        Safetensors.of(
            String.format(
                "{\"half\":{\"dtype\":\"F16\",\"shape\":[%d],\"data_offsets\":[0,%d]},"
                    + "\"byte\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[%d,%d]}}",
                elements, end, end, end + 2),
            0);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(header);
      out.seek(header.length + end - 4);
      out.write(new byte[] {0x00, 0x3c, 0x00, 0x40, 5, 6});
    }
    try (ModelFile model = ModelFile.open(file)) {
      Tensor half = model.tensor("half").expect(DType.F16, elements);
      float[] last = new float[4];
      half.copyFloats(elements - 3, last, 1, 3);
      assertArrayEquals(new float[] {0, 0, 1, 2}, last);
      assertArrayEquals(new byte[] {5, 6}, model.tensor("byte").toBytes());
      ModelFormatException e = assertThrows(ModelFormatException.class, half::toFloats);
      assertEquals(Reason.TOO_LARGE_FOR_ARRAY, e.reason());
      assertTrue(e.getMessage().contains("has 2147483651 elements, more than the 2147483639"));
    }
  }

  @Test
  void namesWhatIsThereWhenATensorIsMissing() throws IOException {
    try (ModelFile file = ModelFile.open(path)) {
      ModelFormatException e =
          assertThrows(ModelFormatException.class, () -> file.tensor("embeddings.norm.bias"));
      assertEquals(Reason.MISSING_TENSOR, e.reason());
      assertEquals("embeddings.norm.bias", e.tensor());
      assertEquals(
          path
              + ": has no tensor \"embeddings.norm.bias\"; it has 11: \"i64\", \"f64\", \"empty\","
              + " \"f32\", ...",
          e.getMessage());
      assertTrue(file.find("embeddings.norm.bias").isEmpty());
      assertEquals(DType.F16, file.find("f16").orElseThrow().type());
    }
  }

  @Test
  void namesBothTypesAndShapesWhenATensorIsDifferent() throws IOException {
    try (ModelFile file = ModelFile.open(path)) {
      Tensor tensor = file.tensor("f64");
      assertEquals(tensor, tensor.expect(DType.F64, 2, 2).expectShape(2, 2));
      ModelFormatException e =
          assertThrows(ModelFormatException.class, () -> tensor.expect(DType.F32, 2, 2));
      assertEquals(Reason.UNEXPECTED_TENSOR, e.reason());
      assertEquals("f64", e.tensor());
      assertEquals(path + ": tensor \"f64\" is F64 [2, 2], expected F32 [2, 2]", e.getMessage());
      assertThrows(ModelFormatException.class, () -> tensor.expect(DType.F64, 2, 2, 1));
      e = assertThrows(ModelFormatException.class, () -> tensor.expectShape(4));
      assertTrue(e.getMessage().endsWith("is F64 [2, 2], expected the shape [4]"));
    }
  }

  @Test
  void convertsOnlyWhatCanBeConverted() throws IOException {
    try (ModelFile file = ModelFile.open(path)) {
      ModelFormatException e =
          assertThrows(ModelFormatException.class, () -> file.tensor("i64").toInts());
      assertEquals(Reason.VALUE_OUT_OF_RANGE, e.reason());
      assertTrue(e.getMessage().contains("element 1 is 1099511627776"));
      for (String name : List.of("i8", "u8", "i16", "i32", "i64")) {
        Tensor tensor = file.tensor(name);
        e = assertThrows(ModelFormatException.class, tensor::toFloats);
        assertEquals(Reason.UNEXPECTED_TENSOR, e.reason());
        assertThrows(ModelFormatException.class, () -> tensor.copyFloats(0, new float[1], 0, 1));
      }
      assertThrows(ModelFormatException.class, () -> file.tensor("f32").toInts());
      assertThrows(ModelFormatException.class, () -> file.tensor("f32").toBytes());
    }
  }

  @Test
  void copiesOnlyInsideTensorAndArray() throws IOException {
    try (ModelFile file = ModelFile.open(path)) {
      Tensor tensor = file.tensor("f32");
      float[] target = {9, 9, 9, 9};
      tensor.copyFloats(1, target, 2, 1);
      assertArrayEquals(new float[] {9, 9, -3, 9}, target);
      assertThrows(IndexOutOfBoundsException.class, () -> tensor.copyFloats(2, target, 0, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> tensor.copyFloats(-1, target, 0, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> tensor.copyFloats(0, target, 3, 2));
    }
  }

  @Test
  void handsOutReadOnlyViewsThatEndWithTheFile() throws IOException {
    ModelFile file = ModelFile.open(path);
    Tensor tensor = file.tensor("i8");
    try (file) {
      assertTrue(tensor.data().isReadOnly());
      assertEquals(3, tensor.data().byteSize());
      assertEquals(-128, tensor.data().get(ValueLayout.JAVA_BYTE, 0));
    }
    assertThrows(IllegalStateException.class, tensor::toBytes);
    assertDoesNotThrow(file::close);
  }

  @Test
  void saysWhatIsNoFile() {
    Path missing = directory.resolve("missing.safetensors");
    IOException e = assertThrows(NoSuchFileException.class, () -> ModelFile.open(missing));
    assertEquals(missing + ": no such file", e.getMessage());
    e = assertThrows(IOException.class, () -> ModelFile.open(directory));
    assertEquals(directory + ": is a directory, expected a model file", e.getMessage());
  }

  @Test
  void weightsOfSixteenBitsAreCopiedAsTheyAre() throws IOException {
    Path halves = directory.resolve("halves.safetensors");
    byte[] bytes = {1, 2, 3, 4, (byte) 0xFF, 6, 7, (byte) 0x80};
    new ModelWriter(halves)
        .bytes("half", DType.BF16, bytes, 2, 2)
        .bytes("wide", DType.F64, new byte[8], 1)
        .write();
    try (ModelFile file = ModelFile.open(halves)) {
      Tensor half = file.tensor("half").expectWeights(2, 2);
      short[] bits = new short[3];
      half.copyShorts(1, bits, 3);
      assertArrayEquals(new short[] {0x0403, 0x06FF, (short) 0x8007}, bits);
      assertThrows(IndexOutOfBoundsException.class, () -> half.copyShorts(2, bits, 3));
      Tensor wide = file.tensor("wide");
      assertThrows(IllegalStateException.class, () -> wide.copyShorts(0, bits, 1));
      ModelFormatException type =
          assertThrows(ModelFormatException.class, () -> wide.expectWeights(1));
      assertTrue(type.getMessage().endsWith("is F64 [1], expected F32, BF16 or F16 [1]"));
      ModelFormatException shape =
          assertThrows(ModelFormatException.class, () -> half.expectWeights(4));
      assertTrue(shape.getMessage().endsWith("is BF16 [2, 2], expected F32, BF16 or F16 [4]"));
    }
  }
}
