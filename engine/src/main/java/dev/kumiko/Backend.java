package dev.kumiko;

import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.QuantizedLevel;

/**
 * The kernels that compute at the moment of asking. A process begins with plain Java and goes over
 * to the Vector API once the JVM has compiled it; the vectors are the same to the last bit.
 *
 * @param name {@code "vector"} (Vector API), {@code "scalar"} (plain Java), or {@code "machine"}
 *     where assembled kernels compute the layers with int8 activations and one of the others the
 *     rest
 * @param vectorBits width of one vector register in bits, 0 for the scalar backend
 * @param tile rows and vectors that a matrix product computes at a time, such as {@code "5 x 2"};
 *     empty for the scalar backend
 * @param int8Activations whether the layers' input is quantised, see {@link Precision}
 * @param reason why plain Java computes, or not the assembled kernels although their JAR is there,
 *     for people; empty if there is nothing to say
 */
public record Backend(
    String name, int vectorBits, String tile, boolean int8Activations, String reason) {
  static Backend of(Kernels kernels, boolean int8Activations) {
    String because = kernels.plainBecause();
    Backend below =
        because.isEmpty()
            ? new Backend(kernels.name(), kernels.vectorBits(), kernels.tile(), int8Activations, "")
            : new Backend("scalar", 0, "", int8Activations, because);
    return kernels.quantizedLevel().map(below::with).orElse(below);
  }

  private Backend with(QuantizedLevel level) {
    if (!level.missing().isEmpty()) {
      return because("no machine code: " + level.missing());
    }
    if (!int8Activations) {
      return this;
    }
    return level.pending().isEmpty()
        ? new Backend(level.name(), level.vectorBits(), level.tile(), true, reason)
        : because(level.pending());
  }

  private Backend because(String more) {
    String all = reason.isEmpty() ? more : reason + "; " + more;
    return new Backend(name, vectorBits, tile, int8Activations, all);
  }

  @Override
  public String toString() {
    String activations = int8Activations ? ", int8 activations" : "";
    return vectorBits == 0
        ? "%s%s (%s)".formatted(name, activations, reason)
        : "%s (%d bits, tile %s%s%s)"
            .formatted(name, vectorBits, tile, activations, reason.isEmpty() ? "" : "; " + reason);
  }
}
