package dev.kumiko.train.loss;

/**
 * A reranker's score shall be the probability that a pair belongs together:
 *
 * <pre>
 * loss = mean of -(w y log sigma(z) + (1 - y) log(1 - sigma(z)))
 * dz   = ((1 - y) sigma(z) - w y (1 - sigma(z))) / lines
 * </pre>
 *
 * with {@code log sigma(z) = -log(1 + exp(-z))}, computed so that it neither overflows nor loses
 * its digits. The only column holds one logit for each line; labels are from 0 to 1. In
 * sentence-transformers {@code BinaryCrossEntropyLoss}.
 *
 * @param positiveWeight w, how much a positive counts; 1, or the number of negatives for each
 *     positive
 */
public record BinaryCrossEntropy(double positiveWeight) implements Loss {
  /** Checks the weight. */
  public BinaryCrossEntropy {
    Positive.check("weight of positives", positiveWeight);
  }

  /** Positives count as much as negatives. */
  public BinaryCrossEntropy() {
    this(1);
  }

  @Override
  public String name() {
    return "binary-cross-entropy";
  }

  @Override
  public boolean isOfScores() {
    return true;
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columnsExactly(this, input, 1);
    double[] labels = Need.labels(this, input, 1);
    if (input.size() != 1) {
      throw new IllegalArgumentException(
          "%s is for models with a single score, this one has %,d".formatted(name(), input.size()));
    }
    double[] logits = input.columns().getFirst().values();
    double[] gradient = input.columns().getFirst().gradient();
    int lines = input.lines();
    double loss = 0;
    for (int i = 0; i < lines; i++) {
      double y = labels[i];
      if (y < 0 || y > 1) {
        throw new IllegalArgumentException(
            "%s: line %d of the batch has the label %s, expected a number from 0 to 1"
                .formatted(name(), i + 1, y));
      }
      loss += positiveWeight * y * softplus(-logits[i]) + (1 - y) * softplus(logits[i]);
      gradient[i] +=
          weight
              / lines
              * ((1 - y) * sigmoid(logits[i]) - positiveWeight * y * sigmoid(-logits[i]));
    }
    return loss / lines;
  }

  /** {@code log(1 + exp(x))}. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }
}
