package dev.kumiko.tools.compress;

import dev.kumiko.kernel.Kernels;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Weighted k-means on the sub-vectors of one part: the start of Arthur and Vassilvitskii
 * (k-means++, 2007), then Lloyd's steps: of many points on a sample of them, and the last few on
 * all. The result depends on points, weights and seed alone.
 */
final class KMeans {
  /** The most steps there are. */
  static final int MOST_STEPS = 40;

  /** A step that makes the error smaller by less than this share is the last. */
  private static final double LEAST_GAIN = 5e-4;

  /** Steps that follow on all points, if the others were on a sample. */
  private static final int STEPS_ON_ALL = 3;

  /** Of more points than these, and than {@link #POINTS_FOR_A_VECTOR}, a sample is drawn. */
  private static final int SAMPLE = 1 << 16;

  /** A mean of so many hardly moves when there are more. */
  private static final int POINTS_FOR_A_VECTOR = 256;

  private final Kernels kernels;
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
    this(kernels, points, width, weights, size, new float[Math.multiplyExact(size, width)]);
  }

  private KMeans(
      Kernels kernels, float[] points, int width, float[] weights, int size, float[] vectors) {
    this.kernels = kernels;
    this.width = width;
    this.size = size;
    this.points = points;
    this.weights = weights;
    this.vectors = vectors;
    this.codes = new char[weights.length];
    this.nearest = new NearestCodes(kernels, points, width, size);
  }

  /**
   * Fits the vectors.
   *
   * @param steps told how many steps of {@link #MOST_STEPS} are done or will not be needed
   */
  KMeans fit(long seed, IntConsumer steps) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] sample = sample(random);
    start(Arrays.copyOf(sample, Math.clamp(SAMPLE, size, sample.length)), random);
    int first = 1;
    if (sample.length < codes.length) {
      first = MOST_STEPS - STEPS_ON_ALL + 1;
      of(sample).improve(1, first - 1, steps);
    }
    improve(first, MOST_STEPS, steps);
    steps.accept(MOST_STEPS);
    return this;
  }

  /** Returns a fit of some of the points that changes these vectors. */
  private KMeans of(int[] sample) {
    float[] some = new float[sample.length * width];
    float[] counting = new float[sample.length];
    for (int i = 0; i < sample.length; i++) {
      System.arraycopy(points, sample[i] * width, some, i * width, width);
      counting[i] = weights[sample[i]];
    }
    return new KMeans(kernels, some, width, counting, size, vectors);
  }

  private void improve(int first, int end, IntConsumer steps) {
    double last = Double.POSITIVE_INFINITY;
    for (int step = first; step <= end; step++) {
      nearest.find(vectors, codes);
      double error = error();
      steps.accept(step);
      if (error >= last * (1 - LEAST_GAIN)) {
        break;
      }
      last = error;
      update();
    }
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
  private void start(int[] sample, SplittableRandom random) {
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
    long wanted = Math.max(SAMPLE, (long) POINTS_FOR_A_VECTOR * size);
    int count = (int) Math.min(wanted, all.length);
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
