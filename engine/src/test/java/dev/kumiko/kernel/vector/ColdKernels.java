package dev.kumiko.kernel.vector;

import dev.kumiko.kernel.Kernels;

/** The vector backend as it computes before the JIT has compiled it. */
public final class ColdKernels {
  private ColdKernels() {}

  public static Kernels create() {
    return new VectorKernels(WarmUp.never());
  }
}
