package dev.kumiko.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Searches as plain double loops, and vectors for them. */
final class Plain {
  private Plain() {}

  /** Returns vectors that are alike in groups, so that there is something to find. */
  static List<float[]> vectors(int count, int dimension, long seed) {
    Random random = new Random(seed);
    Random groups = new Random(1);
    float[][] centres = new float[Math.max(1, count / 8)][dimension];
    for (float[] centre : centres) {
      for (int i = 0; i < dimension; i++) {
        centre[i] = (float) groups.nextGaussian();
      }
    }
    List<float[]> vectors = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      float[] vector = centres[random.nextInt(centres.length)].clone();
      float length = 0.1f + random.nextFloat();
      for (int i = 0; i < dimension; i++) {
        vector[i] = length * (vector[i] + 0.8f * (float) random.nextGaussian());
      }
      vectors.add(vector);
    }
    return vectors;
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  static double cosine(float[] a, float[] b) {
    double squares = dot(a, a) * dot(b, b);
    return squares == 0 ? 0 : dot(a, b) / Math.sqrt(squares);
  }

  /** Returns all targets as pairs with the query, the nearest first. */
  static List<Pair> ranking(int query, float[] vector, List<float[]> targets, boolean cosine) {
    List<Pair> all = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      float[] target = targets.get(i);
      all.add(new Pair(query, i, cosine ? cosine(vector, target) : dot(vector, target)));
    }
    all.sort(
        Comparator.<Pair>comparingDouble(pair -> -pair.score()).thenComparingInt(Pair::second));
    return all;
  }
}
