package dev.kumiko.train.loss;

/**
 * Each anchor shall find its own positive among the positives and negatives of all lines:
 *
 * <pre>
 * S_ij = scale cos(anchor_i, candidate_j)
 * loss = mean over i of -log softmax(S_i)_i
 * dS_i = (softmax(S_i) - [i = j]) / lines
 * </pre>
 *
 * The candidates are the positives of the batch and, if the data has more columns, the hard
 * negatives of all its lines. In both directions, each positive shall find its anchor among the
 * batch's anchors as well, and the loss is the mean of the two. Also known as InfoNCE; in
 * sentence-transformers {@code MultipleNegativesRankingLoss} and, in both directions, {@code
 * MultipleNegativesSymmetricRankingLoss}.
 *
 * <p>If all texts are the same, the loss is the logarithm of the number of candidates, and the
 * gradient is zero but for rounding.
 *
 * <p>Source: van den Oord et al., arXiv 1807.03748, section 2; Henderson et al., arXiv 1705.00652,
 * section 4.
 *
 * @param scale what the cosines are multiplied by, the inverse of a temperature; customary 20
 * @param bothDirections whether positives look for their anchors, too
 */
public record MultipleNegativesRanking(double scale, boolean bothDirections) implements Loss {
  /** The customary scale. */
  public static final double SCALE = 20;

  /** Checks the scale. */
  public MultipleNegativesRanking {
    Positive.check("scale", scale);
  }

  /** Scale 20, from anchors to positives. */
  public MultipleNegativesRanking() {
    this(SCALE, false);
  }

  @Override
  public String name() {
    return "mnr";
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columns(this, input, 2);
    Need.somethingToCompare(this, input);
    CosineMatrix cosines = CosineMatrix.of(input.columns());
    double share = bothDirections ? weight / 2 : weight;
    double loss = cosines.crossEntropyOfAnchors(scale, 0, share);
    if (bothDirections) {
      loss = (loss + cosines.crossEntropyOfPositives(scale, 0, share)) / 2;
    }
    cosines.propagate();
    return loss;
  }
}
