package dev.kumiko.kernel;

/** Prints the kernels that a JVM chooses, and why plain Java computes, twice. */
final class ChosenKernels {
  private ChosenKernels() {}

  public static void main(String[] args) {
    for (int i = 0; i < 2; i++) {
      try {
        Kernels kernels = KernelChoice.kernels();
        System.out.println(
            kernels.name() + " " + kernels.vectorBits() + ": " + kernels.plainBecause());
      } catch (IllegalStateException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }
}
