package dev.kumiko.format;

import java.util.OptionalInt;

/** How a token's place in the text enters an encoder. */
public sealed interface Position {
  /** Returns the longest input of a model with {@link Architecture#positions} positions. */
  int longestInput(int positions);

  /**
   * A vector of a table, added to the token's.
   *
   * @param paddingId empty if the first token has row 0. Otherwise, as in RoBERTa, the tokens have
   *     the rows after this one, and a token with this id has this row and is not counted
   */
  record Learned(OptionalInt paddingId) implements Position {
    /** The first token has row 0. */
    public static final Learned WITHOUT_PADDING = new Learned(OptionalInt.empty());

    /** Returns positions that are counted from the row behind the padding token's. */
    public static Learned behind(int paddingId) {
      return new Learned(OptionalInt.of(paddingId));
    }

    /** Returns whether a token has the padding token's row and is not counted. */
    public boolean isPadding(int tokenId) {
      return paddingId.isPresent() && paddingId.getAsInt() == tokenId;
    }

    /** Returns the row of the first token. */
    public int firstRow() {
      return paddingId.isPresent() ? paddingId.getAsInt() + 1 : 0;
    }

    @Override
    public int longestInput(int positions) {
      return positions - firstRow();
    }
  }

  /**
   * Queries and keys are rotated by angles that grow with the position (Su et al., arXiv
   * 2104.09864): component i of a head turns with component i + n/2 of its n by {@code position *
   * theta^(-2i/n)}.
   *
   * @param theta base of the angles
   * @param localTheta the same in the layers of {@link Layout.LocalAttention}
   */
  record Rotary(double theta, double localTheta) implements Position {
    @Override
    public int longestInput(int positions) {
      return positions;
    }
  }
}
