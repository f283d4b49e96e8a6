package dev.kumiko.format;

/** The activation of a {@link HeadStep.Dense}. */
public enum HeadActivation {
  /** None. */
  IDENTITY,
  /** {@code tanh(x)}. */
  TANH,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x/2 * (1 + erf(x / sqrt(2)))}. */
  GELU,
  /** The tanh approximation of GELU. */
  GELU_TANH,
  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID,
  /** {@code x / (1 + exp(-x))}. */
  SILU
}
