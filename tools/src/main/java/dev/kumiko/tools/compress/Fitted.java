package dev.kumiko.tools.compress;

import java.util.Optional;

/** Parts fitted to a table. */
final class Fitted {
  /** For each part the sub-vectors {@code [size][width]}. */
  final float[][] vectors;

  /** Which of them a token has, {@code [tokens][parts]}. */
  final char[] codes;

  /** For computed codes the place of each token, {@code [tokens]}, if it is not its id. */
  final Optional<int[]> order;

  /** The number of tokens that had to give way because others had the same codes. */
  final int moved;

  Fitted(float[][] vectors, char[] codes, Optional<int[]> order, int moved) {
    this.vectors = vectors;
    this.codes = codes;
    this.order = order;
    this.moved = moved;
  }
}
