package dev.kumiko.train.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector width, fixed when the class is loaded, as that of the engine's kernels. */
final class Lanes {
  static final VectorSpecies<Float> FLOATS = choose();

  /** Floats in one vector. */
  static final int COUNT = FLOATS.length();

  private Lanes() {}

  private static VectorSpecies<Float> choose() {
    Integer bits = Integer.getInteger("kumiko.vectorBits");
    return bits == null
        ? FloatVector.SPECIES_PREFERRED
        : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }

  /** Rounds up to whole vectors. */
  static int pad(int count) {
    return (count + COUNT - 1) / COUNT * COUNT;
  }
}
