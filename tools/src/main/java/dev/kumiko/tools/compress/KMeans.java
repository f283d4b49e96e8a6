package dev.kumiko.tools.compress;

import dev.kumiko.kernel.Kernels;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Weighted k-means on the sub-vectors of one part: the start of Arthur and Vassilvitskii
 * (k-means++, 2007), then Lloyd's steps. The result depends on points, weights and seed alone.
 */
final class KMeans {
  /** The most steps there are. */
  static final int MOST_STEPS = 40;

  /** A step that makes the error smaller by less than this share is the last. */
  private static final double LEAST_GAIN = 5e-4;

  /** The start looks at so many points at most. */
  private static final int SAMPLE = 1 << 16;

  private final int width;
  private final int size;
  private final float[] points;
  private final float[] weights;
  private final float[] vectors;
  private final char[] codes;
  private final NearestCodes nearest;

  /**
   * Prepares a fit.
   *
   * @param points {@code [n][width]}
   * @param weights {@code [n]}, positive
   * @param size the number of vectors, at most n
   */
  KMeans(Kernels kernels, float[] points, int width, float[] weights, int size) {
    this.width = width;
    this.size = size;
    this.points = points;
    this.weights = weights;
    this.vectors = new float[Math.multiplyExact(size, width)];
    this.codes = new char[weights.length];
    this.nearest = new NearestCodes(kernels, points, width, size);
  }

  /**
   * Fits the vectors.
   *
   * @param steps told how many steps of {@link #MOST_STEPS} are done or will not be needed
   */
  KMeans fit(long seed, IntConsumer steps) {
    start(new SplittableRandom(seed));
    double last = Double.POSITIVE_INFINITY;
    for (int step = 1; step <= MOST_STEPS; step++) {
      nearest.find(vectors, codes);
      double error = error();
      steps.accept(step);
      if (error >= last * (1 - LEAST_GAIN)) {
        break;
      }
      last = error;
      update();
    }
    steps.accept(MOST_STEPS);
    return this;
  }

  /** Returns the vectors {@code [size][width]}, not a copy. */
  float[] vectors() {
    return vectors;
  }

  /** Returns the code of each point, not a copy. */
  char[] codes() {
    return codes;
  }

  /** Each vector is a point, drawn with a probability that grows with its error so far. */
  private void start(SplittableRandom random) {
    int[] sample = sample(random);
    double[] errors = new double[sample.length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = weights[sample[i]];
    }
    for (int code = 0; code < size; code++) {
      int drawn = sample[draw(errors, random)];
      System.arraycopy(points, drawn * width, vectors, code * width, width);
      for (int i = 0; i < sample.length; i++) {
        int point = sample[i];
        double error = weights[point] * distance(point, code);
        errors[i] = code == 0 ? error : Math.min(errors[i], error);
      }
    }
  }

  /** Some of the points, each once: the first of a shuffle. */
  private int[] sample(SplittableRandom random) {
    int[] all = new int[weights.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    int count = Math.clamp((long) SAMPLE, size, all.length);
    for (int i = 0; i < count && count < all.length; i++) {
      int other = random.nextInt(i, all.length);
      int swapped = all[i];
      all[i] = all[other];
      all[other] = swapped;
    }
    return Arrays.copyOf(all, count);
  }

  private static int draw(double[] errors, SplittableRandom random) {
    double total = 0;
    for (double error : errors) {
      total += error;
    }
    double left = random.nextDouble() * total;
    for (int i = 0; i < errors.length; i++) {
      left -= errors[i];
      if (left < 0) {
        return i;
      }
    }
    return random.nextInt(errors.length); // all points are vectors already
  }

  private double error() {
    double sum = 0;
    for (int point = 0; point < codes.length; point++) {
      sum += weights[point] * distance(point, codes[point]);
    }
    return sum;
  }

  private void update() {
    Centres centres = new Centres(size, width);
    for (int point = 0; point < codes.length; point++) {
      centres.add(codes[point], points, point * width, weights[point]);
    }
    centres.writeMeans(vectors);
    boolean[] taken = new boolean[codes.length];
    for (int code = 0; code < size; code++) {
      if (centres.isEmpty(code)) {
        int worst = worst(taken);
        taken[worst] = true;
        System.arraycopy(points, worst * width, vectors, code * width, width);
      }
    }
  }

  private int worst(boolean[] taken) {
    int worst = 0;
    double largest = -1;
    for (int point = 0; point < codes.length; point++) {
      double error = weights[point] * distance(point, codes[point]);
      if (!taken[point] && error > largest) {
        largest = error;
        worst = point;
      }
    }
    return worst;
  }

  private double distance(int point, int code) {
    return NearestCodes.squaredDistance(points, point * width, vectors, code * width, width);
  }
}
