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
}
