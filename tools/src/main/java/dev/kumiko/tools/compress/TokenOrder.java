package dev.kumiko.tools.compress;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;

/**
 * An order of the tokens in which tokens that share a computed code are near each other: by the
 * last digit's part first, then within each block by the part before, each along the direction in
 * which its sub-vectors differ most.
 */
final class TokenOrder {
  private static final int POWER_STEPS = 30;

  private final int size;

  /** The place of each token along its part's direction, {@code [digits][tokens]}. */
  private final float[][] along;

  private TokenOrder(int size, float[][] along) {
    this.size = size;
    this.along = along;
  }

  /** Returns the place of each token, {@code [tokens]}. */
  static int[] of(SourceTable table, Subspaces subspaces, int size) throws IOException {
    int digits = 1;
    for (long reach = size; reach < table.tokens(); reach *= size) {
      digits++;
    }
    float[][] along = new float[Math.min(digits, subspaces.parts())][];
    for (int f = 0; f < along.length; f++) {
      int width = subspaces.width(f);
      along[f] = project(table.columns(subspaces.start(f), width, new float[0]), width);
    }
    Integer[] tokens = new Integer[table.tokens()];
    Arrays.setAll(tokens, i -> i);
    new TokenOrder(size, along).sort(tokens, 0, tokens.length, along.length - 1);
    int[] places = new int[tokens.length];
    for (int place = 0; place < places.length; place++) {
      places[tokens[place]] = place;
    }
    return places;
  }

  private void sort(Integer[] tokens, int from, int to, int digit) {
    Arrays.sort(tokens, from, to, Comparator.comparingDouble(token -> along[digit][token]));
    if (digit > 0) {
      int block = (int) Math.pow(size, digit);
      for (int start = from; start < to; start += block) {
        sort(tokens, start, Math.min(to, start + block), digit - 1);
      }
    }
  }

  /** Projects points onto their first principal component, found by the power method. */
  private static float[] project(float[] points, int width) {
    int count = points.length / width;
    double[] mean = new double[width];
    for (int i = 0; i < points.length; i++) {
      mean[i % width] += (double) points[i] / count;
    }
    double[] direction = new double[width];
    Arrays.setAll(direction, i -> 1 + 1.0 / (i + 1));
    float[] along = new float[count];
    for (int step = 0; step < POWER_STEPS; step++) {
      double[] next = new double[width];
      for (int point = 0; point < count; point++) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
          sum += (points[point * width + i] - mean[i]) * direction[i];
        }
        along[point] = (float) sum;
        for (int i = 0; i < width; i++) {
          next[i] += sum * (points[point * width + i] - mean[i]);
        }
      }
      double length = Math.sqrt(Arrays.stream(next).map(v -> v * v).sum());
      if (length == 0) {
        break; // all points are the same
      }
      Arrays.setAll(direction, i -> next[i] / length);
    }
    return along;
  }
}
