package dev.kumiko.train.kernel;

import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.OptimisingCompiler;

/** Chooses the kernels of the backward pass: of the same backend as those of the forward pass. */
public final class GradientKernelChoice {
  private static final String MODULE = "jdk.incubator.vector";

  private GradientKernelChoice() {}

  /** Returns the twins of kernels of the forward pass; plain ones if nothing else is fast. */
  public static GradientKernels beside(Kernels kernels) {
    return kernels.name().equals("vector") && OptimisingCompiler.switchedOff().isEmpty()
        ? vectorKernels()
        : new ScalarGradientKernels();
  }

  /** By name, so that nothing of the Vector API is linked when its module is missing. */
  private static GradientKernels vectorKernels() {
    // Not "requires static": javac would warn every module that uses this one.
    ModuleLayer.boot()
        .findModule(MODULE)
        .ifPresent(vector -> GradientKernelChoice.class.getModule().addReads(vector));
    try {
      return Class.forName("dev.kumiko.train.kernel.vector.VectorGradientKernels")
          .asSubclass(GradientKernels.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The vector backend is not in this JAR: " + e, e);
    }
  }
}
