package dev.kumiko.format;

/** The activation of the feed-forward block. */
public enum Activation {
  /** {@code x/2 * (1 + erf(x / sqrt(2)))} (Hendrycks and Gimpel, arXiv 1606.08415, section 2). */
  GELU,
  /** The tanh approximation of GELU, {@code gelu_new} in Hugging Face configurations. */
  GELU_TANH,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x / (1 + exp(-x))}, also called swish (Ramachandran et al., arXiv 1710.05941). */
  SILU
}
