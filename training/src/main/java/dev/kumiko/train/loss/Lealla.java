package dev.kumiko.train.loss;

import dev.kumiko.train.loss.WeightedSum.Part;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * LEALLA's loss of a small student of a large teacher, from pairs of translations and the teacher's
 * vectors of both:
 *
 * <pre>
 * loss = margin {@link AdditiveMarginSoftmax}
 *      + feature (mean of (W u + b - teacher)^2 over both columns and all components, u = v / |v|)
 *      + logit (mean over i, j of (cos(a_i, b_j) - cos(teacher a_i, teacher b_j))^2)
 * </pre>
 *
 * W and b are learned and thrown away. The paper gives no weights and no code: the forms of the
 * feature and the logit loss are a reading of it, and the weights are choices of this project.
 *
 * <p>Source: Mao and Nakagawa, arXiv 2302.08387, section 3.2.
 *
 * @param margin weight of the additive margin softmax
 * @param feature weight of the feature distillation
 * @param logit weight of the logit distillation
 */
public record Lealla(double margin, double feature, double logit) {
  /**
   * {@return the loss; parts with weight 0 are left out}
   *
   * @param ams the margin loss with its settings
   * @param projected makes a student's vector as long as the teacher's around the loss it is given;
   *     the identity if they are as long anyway
   */
  public Loss loss(AdditiveMarginSoftmax ams, UnaryOperator<Loss> projected) {
    return new WeightedSum(
        "lealla",
        List.of(
            new Part(margin, ams),
            new Part(feature, new Normalized(projected.apply(EmbedDistill.mse()))),
            new Part(logit, LogitDistill.squared())));
  }
}
