package dev.kumiko.train.step;

import dev.kumiko.train.data.Batch;
import dev.kumiko.train.parameter.Parameter;
import java.io.IOException;
import java.util.List;

/**
 * What a model learns from a batch: a loss on the vectors of its texts, on scores of its pairs, or
 * on token vectors on their way. For one thread at a time.
 */
public interface Objective {
  /**
   * What was added.
   *
   * @param loss of the batch
   * @param tokens of its texts
   */
  record Added(double loss, long tokens) {}

  /**
   * Adds {@code weight} times the gradient of a batch's loss to the parameters'.
   *
   * @param weight 1, or the share of this batch in a step
   * @return the loss, without the weight; not necessarily finite, and then the model's gradients
   *     have not changed; and how much was learnt from
   * @throws IllegalArgumentException if the loss misses something in the batch
   * @throws IOException if what a teacher says cannot be read
   */
  Added add(Batch batch, double weight) throws IOException;

  /** Returns what is learnt beside the model, a projection for instance. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** Returns what it is and all its settings: two that say the same give the same gradients. */
  String identity();
}
