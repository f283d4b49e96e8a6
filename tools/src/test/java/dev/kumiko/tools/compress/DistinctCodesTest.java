package dev.kumiko.tools.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctCodesTest {
  private static final int PARTS = 3;
  private static final int SIZE = 4;
  private static final int HIDDEN = 7;
  private static final int COMBINATIONS = SIZE * SIZE * SIZE;

  @TempDir Path folder;

  /** All 64 combinations are tried for every token, heavy ones first. */
  @ParameterizedTest
  @ValueSource(ints = {10, 40, 64})
  void theNearestFreeCodesAreThoseOfAnExhaustiveSearch(int tokens) throws IOException {
    Random random = new Random(tokens);
    float[] rows = floats(random, tokens * HIDDEN);
    Subspaces subspaces = new Subspaces(HIDDEN, PARTS);
    float[][] vectors = new float[PARTS][];
    for (int f = 0; f < PARTS; f++) {
      vectors[f] = floats(random, SIZE * subspaces.width(f));
    }
    float[] weights = new float[tokens];
    char[] nearest = new char[tokens * PARTS];
    boolean[] taken = new boolean[COMBINATIONS];
    int[] expected = new int[tokens];
    for (int token = 0; token < tokens; token++) {
      weights[token] = tokens - token;
      expected[token] = nearest(subspaces, vectors, rows, token, new boolean[COMBINATIONS]);
      write(expected[token], nearest, token);
    }
    boolean[] first = new boolean[tokens];
    for (int token = 0; token < tokens; token++) {
      first[token] = !taken[expected[token]];
      taken[expected[token]] = true;
    }
    int moved = 0;
    char[] right = nearest.clone();
    for (int token = 0; token < tokens; token++) {
      if (!first[token]) {
        int free = nearest(subspaces, vectors, rows, token, taken);
        taken[free] = true;
        write(free, right, token);
        moved++;
      }
    }
    Path path = folder.resolve("table.safetensors");
    new ModelWriter(path).floats(TensorNames.TOKEN_EMBEDDINGS, rows, tokens, HIDDEN).write();
    try (ModelFile file = ModelFile.open(path)) {
      SourceTable table = new SourceTable(file, tokens, HIDDEN);
      assertEquals(moved, new DistinctCodes(table, subspaces, vectors, nearest).resolve(weights));
    }
    assertArrayEquals(right, nearest);
  }

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void write(int combination, char[] codes, int token) {
    for (int f = 0, rest = combination; f < PARTS; f++, rest /= SIZE) {
      codes[token * PARTS + f] = (char) (rest % SIZE);
    }
  }

  private static int nearest(
      Subspaces subspaces, float[][] vectors, float[] rows, int token, boolean[] taken) {
    int nearest = -1;
    double smallest = Double.POSITIVE_INFINITY;
    for (int combination = 0; combination < COMBINATIONS; combination++) {
      double distance = 0;
      for (int f = 0, rest = combination; f < PARTS; f++, rest /= SIZE) {
        int width = subspaces.width(f);
        for (int i = 0; i < width; i++) {
          double value = rows[token * HIDDEN + subspaces.start(f) + i];
          distance += Math.pow(value - vectors[f][rest % SIZE * width + i], 2);
        }
      }
      if (!taken[combination] && distance < smallest) {
        smallest = distance;
        nearest = combination;
      }
    }
    return nearest;
  }
}
