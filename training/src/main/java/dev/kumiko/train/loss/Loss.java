package dev.kumiko.train.loss;

import dev.kumiko.train.parameter.Parameter;
import java.util.List;

/**
 * A measure of how far a batch's vectors are from what they should be. Computed in double precision
 * from vectors as the model returns them. A loss with parameters of its own learns them too;
 * otherwise implementations are immutable.
 */
public interface Loss {
  /** Returns the name that users know, in lower case with hyphens, such as {@code cosent}. */
  String name();

  /**
   * Computes the loss of a batch and adds its gradient to the columns' and to the parameters'.
   *
   * @return the loss, not necessarily finite
   * @throws IllegalArgumentException if the batch has not what this loss needs; the message says
   *     what
   */
  double apply(LossInput input);

  /** Returns what this loss itself learns, a projection for instance; it is not part of a model. */
  default List<Parameter> parameters() {
    return List.of();
  }
}
