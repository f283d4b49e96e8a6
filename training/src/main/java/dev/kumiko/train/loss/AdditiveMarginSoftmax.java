package dev.kumiko.train.loss;

/**
 * Translations shall find each other in both directions, and by a margin:
 *
 * <pre>
 * S_ij = scale (cos(source_i, target_j) - margin [i = j])
 * loss = mean over i of -log softmax(S_i)_i + mean over j of -log softmax(S'_j)_j
 * dS   = (P_rows - I) / lines + (P_columns - I) / lines
 * </pre>
 *
 * The two directions are summed, not averaged. Columns behind the second are hard negatives of the
 * first direction. LaBSE's formula as printed has no scale; with cosines it then hardly learns, so
 * that 20 is the default here, as elsewhere.
 *
 * <p>Source: Yang et al., arXiv 1902.08564, section 2; Feng et al. (LaBSE), arXiv 2007.01852,
 * section 3.2; Wang et al., arXiv 1801.05599.
 *
 * @param scale what the cosines are multiplied by
 * @param margin how much nearer the right one has to be
 */
public record AdditiveMarginSoftmax(double scale, double margin) implements Loss {
  /** LaBSE's margin. */
  public static final double MARGIN = 0.3;

  /** Checks both. */
  public AdditiveMarginSoftmax {
    Positive.check("scale", scale);
    if (!(margin >= 0 && margin <= 2)) {
      throw new IllegalArgumentException(
          "The margin is %s, expected a number from 0 to 2".formatted(margin));
    }
  }

  /** Scale 20, margin 0.3. */
  public AdditiveMarginSoftmax() {
    this(MultipleNegativesRanking.SCALE, MARGIN);
  }

  @Override
  public String name() {
    return "ams";
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columns(this, input, 2);
    Need.somethingToCompare(this, input);
    CosineMatrix cosines = CosineMatrix.of(input.columns());
    double loss =
        cosines.crossEntropyOfAnchors(scale, margin, weight)
            + cosines.crossEntropyOfPositives(scale, margin, weight);
    cosines.propagate();
    return loss;
  }
}
