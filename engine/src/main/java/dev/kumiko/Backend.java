package dev.kumiko;

import dev.kumiko.kernel.Kernels;

/**
 * The kernels that compute at the moment of asking. A process begins with plain Java and goes over
 * to the Vector API once the JVM has compiled it; the vectors are the same to the last bit.
 *
 * @param name {@code "vector"} (Vector API) or {@code "scalar"} (plain Java)
 * @param vectorBits width of one vector register in bits, 0 for the scalar backend
 * @param tile rows and vectors that a matrix product computes at a time, such as {@code "5 x 2"};
 *     empty for the scalar backend
 * @param int8Activations whether the layers' input is quantised, see {@link Precision}
 * @param reason why plain Java computes, for people; empty for the vector backend
 */
public record Backend(
    String name, int vectorBits, String tile, boolean int8Activations, String reason) {
  static Backend of(Kernels kernels, boolean int8Activations) {
    String because = kernels.plainBecause();
    return because.isEmpty()
        ? new Backend(kernels.name(), kernels.vectorBits(), kernels.tile(), int8Activations, "")
        : new Backend("scalar", 0, "", int8Activations, because);
  }

  @Override
  public String toString() {
    String activations = int8Activations ? ", int8 activations" : "";
    return vectorBits == 0
        ? "%s%s (%s)".formatted(name, activations, reason)
        : "%s (%d bits, tile %s%s)".formatted(name, vectorBits, tile, activations);
  }
}
