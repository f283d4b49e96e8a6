package dev.kumiko.format;

import java.util.Optional;

/** The activation of a {@link HeadStep.Dense}. */
public enum HeadActivation {
  /** None. */
  IDENTITY(null),
  /** {@code tanh(x)}. */
  TANH(null),
  /** {@code max(x, 0)}. */
  RELU(Activation.RELU),
  /** {@code x/2 * (1 + erf(x / sqrt(2)))}. */
  GELU(Activation.GELU),
  /** The tanh approximation of GELU. */
  GELU_TANH(Activation.GELU_TANH),
  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID(null),
  /** {@code x / (1 + exp(-x))}, in double precision. */
  SILU(null);

  private final Activation layers;

  HeadActivation(Activation layers) {
    this.layers = layers;
  }

  /** {@return the same activation of the layers, which kernels compute} */
  public Optional<Activation> ofLayers() {
    return Optional.ofNullable(layers);
  }
}
