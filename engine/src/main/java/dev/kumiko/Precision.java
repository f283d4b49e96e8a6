package dev.kumiko;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.kernel.Kernels;

/**
 * What a model whose weights allow two ways is computed with: one that was quantised for int8
 * activations can be computed with fp32 activations as well. Other models are not affected.
 */
public enum Precision {
  /**
   * Nearest to the unquantised model: activations are fp32. The default, because the vectors are
   * then the same on every CPU.
   */
  CLOSEST,

  /**
   * Int8 activations where they are faster: with 512-bit vectors, by about a quarter, and with the
   * kernels of {@code kumiko-machine-code}, by a multiple. With shorter vectors, and in plain Java,
   * fp32 activations are as fast or faster. Vectors of two machines may then differ by what int8
   * activations change.
   */
  FASTEST;

  /** Returns whether activations are quantised. */
  boolean hasInt8Activations(ModelDescription model, Kernels kernels) {
    return model.architecture().int8Activations().isPresent()
        && this == FASTEST
        && kernels.quantizesFast();
  }
}
