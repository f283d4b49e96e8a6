package dev.kumiko.search;

import dev.kumiko.model.Similarity;

/** Similarities in double precision, added up in the order of the components. */
final class Exact {
  private Exact() {}

  static double dot(float[] a, int aFrom, float[] b, int bFrom, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (double) a[aFrom + i] * b[bFrom + i];
    }
    return sum;
  }

  /** Returns the cosine or the dot product; the cosine with a vector of zeros is 0. */
  static double similarity(Similarity similarity, float[] a, float[] b) {
    double dot = dot(a, 0, b, 0, a.length);
    if (similarity == Similarity.DOT) {
      return dot;
    }
    double squares = dot(a, 0, a, 0, a.length) * dot(b, 0, b, 0, b.length);
    return squares == 0 ? 0 : dot / Math.sqrt(squares);
  }
}
