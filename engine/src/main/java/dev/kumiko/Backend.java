package dev.kumiko;

/**
 * The kernels an embedder computes with.
 *
 * @param name {@code "vector"} (Vector API) or {@code "scalar"} (plain Java)
 * @param vectorBits width of one vector register in bits, 0 for the scalar backend
 */
public record Backend(String name, int vectorBits) {
  @Override
  public String toString() {
    return vectorBits == 0 ? name : name + " (" + vectorBits + " bits)";
  }
}
