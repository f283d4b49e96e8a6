package dev.kumiko.train.part;

/** What a part computed, with what its backward pass needs. */
public interface Result {
  /** Returns the output itself, which is not to be changed. */
  float[] output();

  /**
   * Adds to the gradients of the part's parameters; to be called once at most.
   *
   * @param gradient of the loss with respect to the output, of its shape; not changed
   * @return the gradient with respect to the input, of its shape
   */
  float[] backward(float[] gradient);
}
