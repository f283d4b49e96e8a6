package dev.kumiko.train.loss;

/**
 * The cosine of a pair shall equal its label, from -1 or 0 to 1:
 *
 * <pre>
 * loss = mean of (cos(a_i, b_i) - y_i)^2
 * dcos = 2 (cos - y) / lines
 * da   = (w - cos u) / |a|,  db = (u - cos w) / |b|,  u = a / |a|,  w = b / |b|
 * </pre>
 *
 * In sentence-transformers {@code CosineSimilarityLoss}.
 *
 * <p>Source: Reimers and Gurevych, arXiv 1908.10084, section 3.
 */
public record CosineSimilarity() implements Loss {
  @Override
  public String name() {
    return "cosine-similarity";
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columnsExactly(this, input, 2);
    double[] labels = Need.labels(this, input, 1);
    UnitVectors a = UnitVectors.of(input.columns().get(0));
    UnitVectors b = UnitVectors.of(input.columns().get(1));
    int lines = input.lines();
    double loss = 0;
    for (int i = 0; i < lines; i++) {
      double error = a.cosine(i, b, i) - labels[i];
      loss += error * error;
      a.addCosineGradient(i, b, i, weight * 2 * error / lines);
    }
    a.propagate();
    b.propagate();
    return loss / lines;
  }
}
