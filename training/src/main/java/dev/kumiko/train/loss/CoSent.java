package dev.kumiko.train.loss;

/**
 * Pairs with a higher label shall have a higher cosine; only the order of the labels counts:
 *
 * <pre>
 * s_i  = cos(a_i, b_i)
 * loss = log(1 + sum over y_i &lt; y_j of exp(scale (s_i - s_j)))
 * w_ij = exp(scale (s_i - s_j)) / (1 + sum);  ds_i += scale w_ij;  ds_j -= scale w_ij
 * </pre>
 *
 * If all labels of a batch are equal, or it has a single line, there is nothing to order: the loss
 * is 0 and there is no gradient. In sentence-transformers {@code CoSENTLoss}.
 *
 * <p>Source: Su, "CoSENT", kexue.fm/archives/8847.
 *
 * @param scale what the cosines are multiplied by; customary 20
 */
public record CoSent(double scale) implements Loss {
  /** Checks the scale. */
  public CoSent {
    Positive.check("scale", scale);
  }

  /** Scale 20. */
  public CoSent() {
    this(MultipleNegativesRanking.SCALE);
  }

  @Override
  public String name() {
    return "cosent";
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columnsExactly(this, input, 2);
    double[] labels = Need.labels(this, input, 1);
    UnitVectors a = UnitVectors.of(input.columns().get(0));
    UnitVectors b = UnitVectors.of(input.columns().get(1));
    double[] cosines = new double[input.lines()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = a.cosine(i, b, i);
    }
    double[] gradient = new double[cosines.length];
    double loss = PairRanking.apply(cosines, labels, scale, gradient);
    for (int i = 0; i < cosines.length; i++) {
      a.addCosineGradient(i, b, i, weight * gradient[i]);
    }
    a.propagate();
    b.propagate();
    return loss;
  }
}
