package dev.kumiko.tools.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.ScalarKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KMeansTest {
  private static final int WIDTH = 3;

  private static float[] ones(int count) {
    float[] weights = new float[count];
    Arrays.fill(weights, 1);
    return weights;
  }

  private static float[] gaussian(int count) {
    Random random = new Random(3);
    float[] points = new float[count];
    for (int i = 0; i < count; i++) {
      points[i] = (float) random.nextGaussian();
    }
    return points;
  }

  private static KMeans fit(Kernels kernels, float[] points, float[] weights, int size) {
    return new KMeans(kernels, points, WIDTH, weights, size).fit(7, step -> {});
  }

  @Test
  void findsClustersThatLieApart() {
    int clusters = 20;
    Random random = new Random(1);
    float[] points = new float[1000 * WIDTH];
    for (int i = 0; i < points.length; i++) {
      points[i] = 10 * (i / WIDTH % clusters) + random.nextFloat();
    }
    KMeans fit = fit(KernelChoice.kernels(), points, ones(1000), clusters);
    for (int point = 0; point < 1000; point++) {
      assertEquals(fit.codes()[point % clusters], fit.codes()[point], "point " + point);
      for (int i = 0; i < WIDTH; i++) {
        float mean = fit.vectors()[fit.codes()[point] * WIDTH + i];
        assertEquals(10 * (point % clusters) + 0.5f, mean, 0.2f);
      }
    }
  }

  @Test
  void isTheSameOnEveryBackend() {
    float[] points = gaussian(5000 * WIDTH);
    KMeans scalar = fit(new ScalarKernels(), points, ones(5000), 100);
    KMeans chosen = fit(KernelChoice.kernels(), points, ones(5000), 100);
    assertArrayEquals(scalar.codes(), chosen.codes());
    assertArrayEquals(scalar.vectors(), chosen.vectors());
  }

  @Test
  void everyVectorHasPointsEvenWhereMostAreTheSame() {
    float[] points = new float[500 * WIDTH];
    for (int i = 0; i < 40 * WIDTH; i++) {
      points[i] = i;
    }
    KMeans fit = fit(KernelChoice.kernels(), points, ones(500), 41);
    TreeSet<Integer> used = new TreeSet<>();
    for (char code : fit.codes()) {
      used.add((int) code);
    }
    assertEquals(41, used.size());
  }

  @Test
  void moreVectorsThanDifferentPointsDoNoHarm() {
    KMeans fit = fit(KernelChoice.kernels(), new float[50 * WIDTH], ones(50), 7);
    assertArrayEquals(new float[7 * WIDTH], fit.vectors());
  }

  @Test
  void heavyPointsAreCloser() {
    float[] points = gaussian(2000 * WIDTH);
    float[] weights = ones(2000);
    weights[17] = 1e5f;
    KMeans fit = fit(KernelChoice.kernels(), points, weights, 10);
    int code = fit.codes()[17];
    double distance =
        NearestCodes.squaredDistance(points, 17 * WIDTH, fit.vectors(), code * WIDTH, WIDTH);
    assertTrue(distance < 1e-3, "squared distance " + distance);
  }

  @Test
  void saysHowFarItIs() {
    List<Integer> steps = new ArrayList<>();
    new KMeans(KernelChoice.kernels(), gaussian(300 * WIDTH), WIDTH, ones(300), 5)
        .fit(1, steps::add);
    assertEquals(1, steps.getFirst());
    assertEquals(KMeans.MOST_STEPS, steps.getLast());
  }

  @Test
  void stepsOnASampleLeaveLittleToGainOnAllPoints() {
    int count = 80_000;
    int size = 32;
    float[] points = gaussian(count * WIDTH);
    float[] vectors = fit(KernelChoice.kernels(), points, ones(count), size).vectors();
    double after = step(points, count, vectors, size);
    double best = after;
    for (int i = 0; i < 15; i++) {
      best = step(points, count, vectors, size);
    }
    assertTrue(best > 0.99 * after, after + ", after fifteen more steps " + best);
  }

  /** One of Lloyd's steps on all points, plainly; returns the error before it. */
  private static double step(float[] points, int count, float[] vectors, int size) {
    double error = 0;
    double[] sums = new double[size * WIDTH];
    int[] counts = new int[size];
    for (int point = 0; point < count; point++) {
      int nearest = 0;
      for (int code = 1; code < size; code++) {
        if (distance(points, point, vectors, code) < distance(points, point, vectors, nearest)) {
          nearest = code;
        }
      }
      error += distance(points, point, vectors, nearest);
      counts[nearest]++;
      for (int i = 0; i < WIDTH; i++) {
        sums[nearest * WIDTH + i] += points[point * WIDTH + i];
      }
    }
    for (int i = 0; i < sums.length; i++) {
      vectors[i] = (float) (sums[i] / counts[i / WIDTH]);
    }
    return error;
  }

  private static double distance(float[] points, int point, float[] vectors, int code) {
    return NearestCodes.squaredDistance(points, point * WIDTH, vectors, code * WIDTH, WIDTH);
  }
}
