package dev.kumiko.train.loss;

/**
 * Vectors divided by their lengths, {@code u = v / |v|}, and the way back: {@code dv = (g - u (u .
 * g)) / |v|}. A vector that is zero or nearly (shorter than 1e-12, as PyTorch has it) has no
 * direction: its unit vector is zero, so its cosine with anything is 0, and it gets no gradient.
 */
final class UnitVectors {
  private static final double SHORTEST = 1e-12;

  private final SentenceVectors vectors;
  private final double[] lengths;
  private final SentenceVectors units;

  private UnitVectors(SentenceVectors vectors) {
    this.vectors = vectors;
    this.lengths = new double[vectors.count()];
    this.units =
        new SentenceVectors(vectors.count(), vectors.size(), new double[vectors.values().length]);
  }

  static UnitVectors of(SentenceVectors vectors) {
    UnitVectors unit = new UnitVectors(vectors);
    int size = vectors.size();
    for (int row = 0; row < vectors.count(); row++) {
      double length = length(vectors.values(), row * size, size);
      if (length < SHORTEST) {
        length = Double.POSITIVE_INFINITY; // whatever is divided by it is zero
      }
      unit.lengths[row] = length;
      for (int i = row * size; i < (row + 1) * size; i++) {
        unit.units.values()[i] = vectors.values()[i] / length;
      }
    }
    return unit;
  }

  /** Scaled by the largest component, so that the squares neither vanish nor overflow. */
  private static double length(double[] values, int from, int size) {
    double largest = 0;
    for (int i = from; i < from + size; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    if (largest == 0 || !Double.isFinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      double share = values[i] / largest;
      sum += share * share;
    }
    return largest * Math.sqrt(sum);
  }

  int count() {
    return vectors.count();
  }

  /** The unit vectors, and the gradient with respect to them, to be added to. */
  SentenceVectors units() {
    return units;
  }

  double cosine(int row, UnitVectors others, int other) {
    return Rows.dot(units, row, others.units, other);
  }

  /** Adds the gradient with respect to a cosine to both sides. */
  void addCosineGradient(int row, UnitVectors others, int other, double gradient) {
    Rows.addDotGradient(units, row, others.units, other, gradient);
  }

  /** Adds the gradient to the vectors' own. */
  void propagate() {
    int size = vectors.size();
    double[] values = units.values();
    double[] gradient = units.gradient();
    for (int row = 0; row < count(); row++) {
      double along = Rows.dot(values, row, gradient, row, size);
      for (int i = row * size; i < (row + 1) * size; i++) {
        vectors.gradient()[i] += (gradient[i] - values[i] * along) / lengths[row];
      }
    }
  }
}
