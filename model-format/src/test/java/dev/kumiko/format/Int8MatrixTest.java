package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Int8MatrixTest {
  private static final byte[] ELEMENTS = {1, -2, 3, -127, 0, 127};

  @TempDir Path folder;

  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("int8.safetensors");
  }

  private ModelWriter elements() {
    return new ModelWriter(path).bytes("x.weight", DType.I8, ELEMENTS, 2, 3);
  }

  @Test
  void readsElementsAndScales() throws IOException {
    elements().floats("x.weight_scale", new float[] {0.5f, 2f}, 2, 1).write();
    try (ModelFile file = ModelFile.open(path)) {
      assertTrue(Int8Matrix.isStored(file, "x"));
      assertFalse(Int8Matrix.isStored(file, "y"));
      Int8Matrix matrix = Int8Matrix.read(file, "x", 2, 3);
      assertEquals(2, matrix.rows());
      assertEquals(3, matrix.columns());
      assertArrayEquals(ELEMENTS, matrix.elements().toBytes());
      assertArrayEquals(new float[] {0.5f, 2f}, matrix.scales());
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, -0f, -1f, Float.NaN, Float.POSITIVE_INFINITY})
  void refusesAScaleThatIsNotPositiveAndFinite(float scale) throws IOException {
    elements().floats("x.weight_scale", new float[] {1f, scale}, 2, 1).write();
    refused("x.weight_scale: the scale of row 1 is " + scale);
  }

  @Test
  void refusesScalesOfTheWrongLength() throws IOException {
    elements().floats("x.weight_scale", new float[] {1f, 1f, 1f}, 3, 1).write();
    refused("\"x.weight_scale\" is F32 [3, 1], expected F32 [2, 1]");
  }

  @Test
  void refusesMissingScales() throws IOException {
    elements().write();
    refused("has no tensor \"x.weight_scale\"");
  }

  @Test
  void retainsWhatIsAskedForAfterTheFileIsClosed() throws IOException {
    elements().floats("x.weight_scale", new float[] {0.5f, 2f}, 2, 1).write();
    ModelFile retained;
    try (ModelFile file = ModelFile.open(path)) {
      retained = file.retaining(List.of("x.weight"));
      assertThrows(ModelFormatException.class, () -> file.retaining(List.of("y.weight")));
    }
    try (retained) {
      assertEquals(Set.of("x.weight"), retained.tensors().keySet());
      assertArrayEquals(ELEMENTS, retained.tensor("x.weight").toBytes());
    }
    assertThrows(IllegalStateException.class, () -> retained.tensor("x.weight").toBytes());
  }

  private void refused(String message) throws IOException {
    try (ModelFile file = ModelFile.open(path)) {
      ModelFormatException e =
          assertThrows(ModelFormatException.class, () -> Int8Matrix.read(file, "x", 2, 3));
      assertTrue(e.getMessage().contains(message), e.getMessage());
      assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
      assertEquals("x.weight_scale", e.tensor());
    }
  }
}
