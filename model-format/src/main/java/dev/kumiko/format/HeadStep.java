package dev.kumiko.format;

/** What is done to a pooled vector. */
public sealed interface HeadStep {
  /**
   * {@return the length of the vector afterwards, for one of {@code size} components before}
   *
   * @param size the length before
   */
  int outputs(int size);

  /**
   * {@code activation(x W' + b)}.
   *
   * @param outputs length of the result
   * @param bias whether there is a bias
   * @param activation what is applied to each component
   */
  record Dense(int outputs, boolean bias, HeadActivation activation) implements HeadStep {
    @Override
    public int outputs(int size) {
      return outputs;
    }
  }

  /**
   * A LayerNorm.
   *
   * @param epsilon added to the variance
   * @param bias whether there is a bias
   */
  record Norm(double epsilon, boolean bias) implements HeadStep {
    @Override
    public int outputs(int size) {
      return size;
    }
  }

  /** Division by the Euclidean length. */
  record Normalize() implements HeadStep {
    @Override
    public int outputs(int size) {
      return size;
    }
  }
}
