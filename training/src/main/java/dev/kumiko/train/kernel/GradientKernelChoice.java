package dev.kumiko.train.kernel;

import dev.kumiko.kernel.Kernels;

/** Chooses the kernels of the backward pass: of the same backend as those of the forward pass. */
public final class GradientKernelChoice {
  private GradientKernelChoice() {}

  /** Returns the twins of kernels of the forward pass. */
  public static GradientKernels beside(Kernels kernels) {
    return new ScalarGradientKernels();
  }
}
