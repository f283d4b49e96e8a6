package dev.kumiko.train.loss;

import dev.kumiko.train.parameter.Parameter;
import java.util.List;

/**
 * A measure of how far a batch's vectors are from what they should be. Computed in double precision
 * from vectors as the model returns them. A loss with parameters of its own learns them too;
 * otherwise implementations are immutable.
 *
 * <p>What is bad input: a batch without what the loss needs, labels that are no numbers, in-batch
 * negatives with a single line and nothing to compare it with: these are refused. What is not:
 * texts that are all the same, vectors that are zero (their cosine with anything is 0), scores that
 * are all equal; then there is nothing to learn, and the gradient is zero or finite. Vectors with a
 * NaN or an infinite component give a loss that is no number.
 */
public interface Loss {
  /** {@return the name that users know, in lower case with hyphens, such as {@code cosent}} */
  String name();

  /**
   * Computes the loss of a batch and adds {@code weight} times its gradient to the columns' and to
   * the parameters'.
   *
   * @param input vectors and labels of a batch
   * @param weight 1, or less for a part of a sum or of a larger batch
   * @return the loss, without the weight; not necessarily finite
   * @throws IllegalArgumentException if the batch has not what this loss needs; the message says
   *     what
   */
  double apply(LossInput input, double weight);

  /**
   * Computes the loss of a batch and adds its gradient, see {@link #apply(LossInput, double)}.
   *
   * @param input vectors and labels of a batch
   * @return the loss; not necessarily finite
   */
  default double apply(LossInput input) {
    return apply(input, 1);
  }

  /**
   * Returns the name and all settings, the same for every loss that gives the same gradients: a run
   * is resumed only with what it was begun with.
   */
  @Override
  String toString();

  /**
   * {@return whether it is a loss on raw scores of a classifier or reranker, rather than on
   * vectors}
   */
  default boolean isOfScores() {
    return false;
  }

  /**
   * {@return what this loss itself learns, a projection for instance; it is not part of a model}
   */
  default List<Parameter> parameters() {
    return List.of();
  }
}
