package dev.kumiko.train.part;

/**
 * What a part computed, with what its backward pass needs. Arrays come from a {@link FloatPool} and
 * may be longer than what they hold. Either {@link #backward} or {@link #release} is called, once;
 * then the output is somebody else's.
 */
public interface Result {
  /** Returns the output itself, which is not to be changed. */
  float[] output();

  /**
   * Adds to the gradients of the part's parameters, and gives back what was kept.
   *
   * @param gradient of the loss with respect to the output, of its shape; not changed
   * @return the gradient with respect to the input, of its shape, for the caller to give back
   */
  float[] backward(float[] gradient);

  /** Gives back what was kept, without a backward pass. */
  void release();
}
