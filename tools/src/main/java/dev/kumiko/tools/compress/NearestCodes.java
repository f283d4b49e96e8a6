package dev.kumiko.tools.compress;

import dev.kumiko.kernel.ChangingLinear;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Scratch;
import java.util.Arrays;

/**
 * Finds the nearest vector of a part for many points: {@code |x - c|^2} is smallest where {@code x
 * c - |c|^2 / 2} is largest, and the products are a linear layer with the points as its weights.
 * What the kernels' rounding leaves open is decided in double, so that the codes are the same on
 * every backend.
 */
final class NearestCodes {
  /** So many products stay in the second-level cache. */
  private static final int PRODUCTS = 1 << 15;

  private static final int LEAST_BLOCK = 16;
  private static final int MOST_BLOCK = 128;

  /** Codes whose scores are looked at one by one only if the largest of them is large enough. */
  private static final int GROUP = 16;

  private static final double FLOAT_ROUNDING = 0x1p-24;

  private final float[] points;
  private final int width;
  private final int size;

  /** Points that are handled at a time, B. */
  private final int block;

  /** Has the points of one block at a time as its weights. */
  private final ChangingLinear linear;

  /** The length of the longest point. */
  private final double reach;

  /** {@code [size][B]}. */
  private final float[] products;

  /** The largest score of each group of codes, {@code [groups][B]}. */
  private final float[] largest;

  /** {@code |c|^2 / 2} of each vector. */
  private final float[] halfSquares;

  private final Scratch scratch = new Scratch();

  /**
   * Prepares a search.
   *
   * @param points {@code [n][width]}, kept
   * @param size the number of vectors there will be
   */
  NearestCodes(Kernels kernels, float[] points, int width, int size) {
    this.points = points;
    this.width = width;
    this.size = size;
    this.block = Math.clamp(PRODUCTS / size, LEAST_BLOCK, MOST_BLOCK);
    this.products = new float[Math.multiplyExact(size, block)];
    this.largest = new float[Math.ceilDiv(size, GROUP) * block];
    this.halfSquares = new float[size];
    this.linear = kernels.changing(block, width);
    this.reach = longest(points);
  }

  /**
   * Writes the code of the nearest vector for each point, of equally near ones the first.
   *
   * @param vectors {@code [size][width]}
   * @param codes {@code [n]}
   */
  void find(float[] vectors, char[] codes) {
    for (int code = 0; code < size; code++) {
      halfSquares[code] = (float) (squares(vectors, code * width) / 2);
    }
    // Two scores may each be off by (width + 2) roundings of the sum of their magnitudes.
    double longest = longest(vectors);
    double magnitude = reach * longest + longest * longest / 2;
    float uncertain = (float) (2 * (width + 2) * FLOAT_ROUNDING * magnitude);
    for (int first = 0; first < codes.length; first += block) {
      int count = Math.min(block, codes.length - first);
      linear.setOutputs(0, count, points, first * width);
      linear.apply(vectors, 0, size, products, 0, scratch);
      findLargest();
      for (int column = 0; column < count; column++) {
        codes[first + column] = (char) nearest(column, vectors, first + column, uncertain);
      }
    }
  }

  private void findLargest() {
    Arrays.fill(largest, Float.NEGATIVE_INFINITY);
    for (int code = 0; code < size; code++) {
      int to = code / GROUP * block;
      raise(products, code * block, halfSquares[code], largest, to, block);
    }
  }

  /** By itself, because C2 then makes vectors of it. */
  private static void raise(
      float[] products, int from, float halfSquares, float[] largest, int to, int count) {
    for (int i = 0; i < count; i++) {
      largest[to + i] = Math.max(largest[to + i], products[from + i] - halfSquares);
    }
  }

  private int nearest(int column, float[] vectors, int point, float uncertain) {
    float best = Float.NEGATIVE_INFINITY;
    for (int at = column; at < largest.length; at += block) {
      best = Math.max(best, largest[at]);
    }
    float enough = best - uncertain;
    int nearest = -1;
    double smallest = -1;
    for (int code = 0; code < size; code++) {
      if (code % GROUP == 0 && largest[code / GROUP * block + column] < enough) {
        code += GROUP - 1;
      } else if (products[code * block + column] - halfSquares[code] >= enough) {
        if (nearest >= 0 && smallest < 0) {
          smallest = distance(vectors, nearest, point);
        }
        double distance = nearest < 0 ? -1 : distance(vectors, code, point);
        if (nearest < 0 || distance < smallest) {
          smallest = distance;
          nearest = code;
        }
      }
    }
    return nearest;
  }

  private double distance(float[] vectors, int code, int point) {
    return squaredDistance(vectors, code * width, points, point * width, width);
  }

  private double longest(float[] values) {
    double most = 0;
    for (int from = 0; from < values.length; from += width) {
      most = Math.max(most, squares(values, from));
    }
    return Math.sqrt(most);
  }

  private double squares(float[] values, int from) {
    double sum = 0;
    for (int i = from; i < from + width; i++) {
      sum += (double) values[i] * values[i];
    }
    return sum;
  }

  static double squaredDistance(float[] a, int aFrom, float[] b, int bFrom, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      double difference = (double) a[aFrom + i] - b[bFrom + i];
      sum += difference * difference;
    }
    return sum;
  }
}
