package dev.kumiko.train.loss;

/**
 * {@link CoSent} of the angle between complex numbers instead of the cosine. The first half of a
 * vector holds real parts, the second imaginary ones (a zero is added behind an odd one):
 *
 * <pre>
 * s_i  = | sum over k of Re(x_k conj(y_k)) + Im(x_k conj(y_k)) | / (|x| |y|)
 *      = | u . R w |,  u = x / |x|,  w = y / |y|,  R (c, d) = (c - d, c + d)
 * du   = sign R w,  dw = sign R' u,  R' (a, b) = (a + b, b - a)
 * </pre>
 *
 * and the rest as in {@link CoSent}. In sentence-transformers {@code AnglELoss}.
 *
 * <p>Source: Li and Li, arXiv 2309.12871, section 3.4.
 *
 * @param scale what the similarities are multiplied by; customary 20
 */
public record AnglE(double scale) implements Loss {
  /** Checks the scale. */
  public AnglE {
    Positive.check("scale", scale);
  }

  /** Scale 20. */
  public AnglE() {
    this(MultipleNegativesRanking.SCALE);
  }

  @Override
  public String name() {
    return "angle";
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columnsExactly(this, input, 2);
    double[] labels = Need.labels(this, input, 1);
    UnitVectors x = UnitVectors.of(input.columns().get(0));
    UnitVectors y = UnitVectors.of(input.columns().get(1));
    int lines = input.lines();
    double[] products = new double[lines];
    double[] similarities = new double[lines];
    for (int i = 0; i < lines; i++) {
      products[i] = product(x.units(), y.units(), i);
      similarities[i] = Math.abs(products[i]);
    }
    double[] gradient = new double[lines];
    double loss = PairRanking.apply(similarities, labels, scale, gradient);
    for (int i = 0; i < lines; i++) {
      addGradient(x.units(), y.units(), i, weight * gradient[i] * Math.signum(products[i]));
    }
    x.propagate();
    y.propagate();
    return loss;
  }

  /** {@code u . R w}. */
  private static double product(SentenceVectors u, SentenceVectors w, int row) {
    int half = (u.size() + 1) / 2;
    double sum = 0;
    for (int k = 0; k < half; k++) {
      double c = component(w, row, k);
      double d = component(w, row, half + k);
      sum += component(u, row, k) * (c - d) + component(u, row, half + k) * (c + d);
    }
    return sum;
  }

  private static void addGradient(SentenceVectors u, SentenceVectors w, int row, double gradient) {
    int half = (u.size() + 1) / 2;
    for (int k = 0; k < half; k++) {
      double a = component(u, row, k);
      double b = component(u, row, half + k);
      double c = component(w, row, k);
      double d = component(w, row, half + k);
      int real = row * u.size() + k;
      u.gradient()[real] += gradient * (c - d);
      w.gradient()[real] += gradient * (a + b);
      if (half + k < u.size()) {
        u.gradient()[real + half] += gradient * (c + d);
        w.gradient()[real + half] += gradient * (b - a);
      }
    }
  }

  private static double component(SentenceVectors vectors, int row, int k) {
    return k < vectors.size() ? vectors.values()[row * vectors.size() + k] : 0;
  }
}
