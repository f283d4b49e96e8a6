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
 * @param reason why plain Java computes, for people; empty for the vector backend
 */
public record Backend(String name, int vectorBits, String tile, String reason) {
  static Backend of(Kernels kernels) {
    String because = kernels.plainBecause();
    return because.isEmpty()
        ? new Backend(kernels.name(), kernels.vectorBits(), kernels.tile(), "")
        : new Backend("scalar", 0, "", because);
  }

  @Override
  public String toString() {
    return vectorBits == 0
        ? name + " (" + reason + ")"
        : "%s (%d bits, tile %s)".formatted(name, vectorBits, tile);
  }
}
