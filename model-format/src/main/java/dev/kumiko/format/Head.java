package dev.kumiko.format;

import java.util.List;

/**
 * How the token vectors of a text become the model's result.
 *
 * @param pooling how they become one vector; the results of several follow each other
 * @param poolPrompt whether the tokens of a prompt, and what stands before it, are pooled with the
 *     text's
 * @param steps what is done to the pooled vector, in this order
 * @param normalize whether the result is divided by its Euclidean length
 */
public record Head(
    List<Pooling> pooling, boolean poolPrompt, List<HeadStep> steps, boolean normalize) {

  /** Copies the lists. */
  public Head {
    pooling = List.copyOf(pooling);
    steps = List.copyOf(steps);
  }

  /**
   * A head that only pools and, if wanted, normalises.
   *
   * @param pooling how token vectors become one
   * @param normalize whether the result is divided by its length
   */
  public Head(Pooling pooling, boolean normalize) {
    this(List.of(pooling), true, List.of(), normalize);
  }

  /** {@return whether special tokens before a text, and a prompt, are never pooled} */
  public boolean poolsFromText() {
    return pooling.contains(Pooling.WEIGHTED_MEAN_FROM_TEXT);
  }

  /**
   * {@return the length of the result for token vectors of this size}
   *
   * @param hiddenSize D
   */
  public int dimension(int hiddenSize) {
    return inputs(steps.size(), hiddenSize);
  }

  /**
   * {@return the length of what the step with this index takes}
   *
   * @param step from 0
   * @param hiddenSize D
   */
  public int inputs(int step, int hiddenSize) {
    int size = pooling.size() * hiddenSize;
    for (HeadStep before : steps.subList(0, step)) {
      size = before.outputs(size);
    }
    return size;
  }
}
