package dev.kumiko.format;

import java.util.OptionalInt;

/** How a token's place in the text enters an encoder. */
public sealed interface Position {
  /**
   * {@return the longest input of a model with {@link Architecture#positions} positions}
   *
   * @param positions how many rows the table of positions has
   */
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

    /**
     * {@return positions that are counted from the row behind the padding token's}
     *
     * @param paddingId the padding token's id
     */
    public static Learned behind(int paddingId) {
      return new Learned(OptionalInt.of(paddingId));
    }

    /**
     * {@return whether a token has the padding token's row and is not counted}
     *
     * @param tokenId any id
     */
    public boolean isPadding(int tokenId) {
      return paddingId.isPresent() && paddingId.getAsInt() == tokenId;
    }

    /** {@return the row of the first token} */
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
   * f(i)}, {@code f(i) = theta^(-2i/n)}, or what a scaling makes of it.
   *
   * @param theta base of the angles
   * @param scaling what is made of the frequencies
   * @param localTheta base in the layers of {@link Layout.LocalAttention}
   * @param localScaling what is made of the frequencies there
   */
  record Rotary(double theta, Scaling scaling, double localTheta, Scaling localScaling)
      implements Position {
    /**
     * Frequencies as they are.
     *
     * @param theta the base of the rotation
     * @param localTheta the base in layers with local attention
     */
    public Rotary(double theta, double localTheta) {
      this(theta, Scaling.NONE, localTheta, Scaling.NONE);
    }

    @Override
    public int longestInput(int positions) {
      return positions;
    }
  }

  /**
   * Every head subtracts a multiple of the distance from its scores: its slope (Press et al., arXiv
   * 2108.12409), in both directions.
   */
  record Alibi() implements Position {
    @Override
    public int longestInput(int positions) {
      return positions;
    }

    /**
     * {@return a slope for each head: {@code 2^(-8/n), 2^(-16/n), ...} for n heads; where n is no
     * power of two those of the next lower one, then every other one of the next higher}
     *
     * @param heads their number
     */
    public static float[] slopes(int heads) {
      int power = Integer.highestOneBit(heads);
      float[] slopes = new float[heads];
      for (int head = 0; head < heads; head++) {
        double exponent = head < power ? head + 1.0 : head - power + 0.5;
        slopes[head] = (float) Math.pow(2, -8 * exponent / power);
      }
      return slopes;
    }
  }

  /** What becomes of rotary frequencies so that longer texts are read than a model began with. */
  sealed interface Scaling {
    /** Nothing. */
    Scaling NONE = new Linear(1);

    /**
     * {@return what becomes of a frequency, in radians for each token}
     *
     * @param frequency in radians for each token
     */
    float frequency(float frequency);

    /**
     * Division of all (Chen et al., arXiv 2306.15595).
     *
     * @param factor what they are divided by
     */
    record Linear(double factor) implements Scaling {
      @Override
      public float frequency(float frequency) {
        return frequency / (float) factor;
      }
    }

    /**
     * Division of the low ones only, with a smooth way over, as Llama 3.1 does ({@code llama3} in
     * Hugging Face transformers).
     *
     * @param factor what low ones are divided by
     * @param low waves longer than {@code length / low} are divided
     * @param high waves shorter than {@code length / high} are not
     * @param length the longest text before
     */
    record Llama3(double factor, double low, double high, int length) implements Scaling {
      @Override
      public float frequency(float frequency) {
        float wave = (float) (2 * Math.PI) / frequency;
        if (wave < length / high) {
          return frequency;
        }
        float divided = frequency / (float) factor;
        if (wave > length / low) {
          return divided;
        }
        float kept = (length / wave - (float) low) / (float) (high - low);
        return (1 - kept) * divided + kept * frequency;
      }
    }
  }
}
