package dev.kumiko.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width, fixed when the class is loaded: constants fold into the machine code, a species
 * in an instance field does not.
 */
final class Species {
  private static final int LONGEST_BITS = 512;

  static final VectorSpecies<Float> FLOATS = choose();

  /**
   * Bytes that widen to one vector of floats: a quarter of its bits. There is none of 32 bits; of
   * 64 bits the conversion takes the lower half.
   */
  static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(
          byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / Float.BYTES)));

  /** Floats in one vector. */
  static final int LANES = FLOATS.length();

  /** Columns of one weight panel: two vectors. */
  static final int PANEL = 2 * LANES;

  static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

  static final VectorSpecies<Short> SHORTS = FLOATS.withLanes(short.class);

  /** Bytes that widen to one vector of shorts. */
  static final VectorSpecies<Byte> HALF_BYTES =
      VectorSpecies.of(
          byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 2)));

  /** Columns of one panel of shorts: two vectors. */
  static final int SHORT_PANEL = 2 * PANEL;

  private Species() {}

  private static VectorSpecies<Float> choose() {
    Integer bits = Integer.getInteger("kumiko.vectorBits");
    if (bits == null) {
      // Longer ones would not fit into the order in which LayerNorm adds up.
      return FloatVector.SPECIES_PREFERRED.vectorBitSize() > LONGEST_BITS
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
    }
    return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }

  /** Rounds up to whole panels. */
  static int padToPanel(int columns) {
    return (columns + PANEL - 1) / PANEL * PANEL;
  }
}
