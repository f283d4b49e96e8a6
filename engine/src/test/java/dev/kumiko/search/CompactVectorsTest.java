package dev.kumiko.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactVectorsTest {
  private static byte[] together(List<byte[]> rows) {
    ByteBuffer all = ByteBuffer.allocate(rows.size() * rows.getFirst().length);
    rows.forEach(all::put);
    return all.array();
  }

  @Test
  void int8StepsOfAWorkedExample() {
    Int8Ranges ranges = new Int8Ranges(new float[] {-1, 0, 2}, new float[] {1, 25.5f, 2});
    // Steps of 2/255, 1/10 and none.
    assertArrayEquals(
        new byte[] {-128, -128, -128}, ranges.quantize(new float[] {-1, 0, 2}), "low ends");
    assertArrayEquals(
        new byte[] {127, 127, -128}, ranges.quantize(new float[] {1, 25.5f, 9}), "high ends");
    assertArrayEquals(
        new byte[] {127, -128, -128}, ranges.quantize(new float[] {7, -3, 0}), "outside");
    assertArrayEquals(
        new byte[] {0, -116, -128}, ranges.quantize(new float[] {0.004f, 1.23f, 2}), "nearest");
    float[] restored = new float[3];
    new Int8Vectors(MemorySegment.ofArray(new byte[] {127, -118, -128}), 1, ranges)
        .read(0, 1, restored, 0);
    assertArrayEquals(new float[] {1, 1, 2}, restored, 1e-6f);
  }

  @Test
  void rangesAreThoseOfTheCalibrationSet() {
    List<float[]> vectors = Plain.vectors(700, 5, 21);
    Int8Ranges ranges = Int8Ranges.of(VectorSource.of(vectors));
    for (int i = 0; i < 5; i++) {
      int component = i;
      assertEquals(
          vectors.stream().mapToDouble(v -> v[component]).min().getAsDouble(), ranges.low(i));
      assertEquals(
          vectors.stream().mapToDouble(v -> v[component]).max().getAsDouble(), ranges.high(i));
    }
    vectors.get(3)[4] = Float.NaN;
    VectorSource damaged = VectorSource.of(vectors);
    assertThrows(IllegalArgumentException.class, () -> Int8Ranges.of(damaged));
  }

  @Test
  void int8IsNearFloat() {
    List<float[]> vectors = Plain.vectors(900, 24, 22);
    Int8Ranges ranges = Int8Ranges.of(VectorSource.of(vectors));
    byte[] data = together(vectors.stream().map(ranges::quantize).toList());
    Int8Vectors int8 = new Int8Vectors(MemorySegment.ofArray(data), 900, ranges);
    float[] restored = new float[3 * 24];
    int8.read(700, 3, restored, 0);
    for (int i = 0; i < restored.length; i++) {
      int component = i % 24;
      double half = (ranges.high(component) - ranges.low(component)) / 255 / 2;
      assertEquals(vectors.get(700 + i / 24)[component], restored[i], 1.001 * half);
    }
    try (ExactSearch search = ExactSearch.cosine(2)) {
      Neighbours found = search.nearest(VectorSource.of(vectors), int8, 1);
      for (int i = 0; i < 900; i++) {
        assertEquals(i, found.index(i, 0), "itself");
      }
    }
  }

  /** Bytes from NumPy: {@code packbits(array > 0)}. */
  @Test
  void bitsLieAsInNumPy() {
    float[] vector = {1, -1, 0, 2, -0f, 1e-30f, -3, -4, 5, 6, -7};
    assertArrayEquals(new byte[] {(byte) 148, (byte) 192}, BinaryVectors.pack(vector));
    float[] restored = new float[11];
    new BinaryVectors(MemorySegment.ofArray(BinaryVectors.pack(vector)), 1, 11)
        .read(0, 1, restored, 0);
    assertArrayEquals(new float[] {1, -1, -1, 1, -1, 1, -1, -1, 1, 1, -1}, restored);
  }

  @Test
  void binaryQueriesAreRankedByHammingDistance() {
    List<byte[]> packed = Plain.vectors(400, 43, 23).stream().map(BinaryVectors::pack).toList();
    BinaryVectors binary =
        new BinaryVectors(MemorySegment.ofArray(together(packed)), packed.size(), 43);
    try (ExactSearch search = ExactSearch.cosine(2)) {
      Neighbours found = search.nearest(binary, binary, 9);
      for (int query = 0; query < 400; query++) {
        byte[] bits = packed.get(query);
        int[] distances =
            packed.stream()
                .mapToInt(other -> BinaryVectors.hamming(bits, other))
                .sorted()
                .toArray();
        for (int rank = 0; rank < 9; rank++) {
          byte[] other = packed.get(found.index(query, rank));
          assertEquals(distances[rank], BinaryVectors.hamming(bits, other));
          assertEquals((43 - 2 * distances[rank]) / 43.0, found.score(query, rank), 1e-12);
        }
      }
    }
  }

  @Test
  void floatsInMemory() {
    List<float[]> vectors = Plain.vectors(10, 3, 24);
    ByteBuffer bytes = ByteBuffer.allocate(120).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      for (float component : vector) {
        bytes.putFloat(component);
      }
    }
    FloatVectors floats = new FloatVectors(MemorySegment.ofArray(bytes.array()), 10, 3);
    float[] read = new float[7];
    floats.read(8, 2, read, 1);
    assertEquals(0, read[0]);
    assertEquals(vectors.get(8)[0], read[1]);
    assertEquals(vectors.get(9)[2], read[6]);
    MemorySegment data = MemorySegment.ofArray(bytes.array());
    Exception e = assertThrows(IllegalArgumentException.class, () -> new FloatVectors(data, 9, 3));
    assertTrue(e.getMessage().startsWith("9 vectors of 12 bytes each"), e.getMessage());
  }
}
