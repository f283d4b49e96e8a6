package dev.kumiko.tokenize.unicode;

import java.util.function.IntPredicate;

/** A set of code points that answers quickly for ASCII. Immutable and safe for concurrent use. */
public final class CodePointSet {
  private final long below64;
  private final long below128;
  private final IntPredicate members;

  private CodePointSet(IntPredicate members) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < Long.SIZE; i++) {
      low |= members.test(i) ? 1L << i : 0;
      high |= members.test(i + Long.SIZE) ? 1L << i : 0;
    }
    this.below64 = low;
    this.below128 = high;
    this.members = members;
  }

  /** The code points for which a predicate, which always answers the same, is true. */
  public static CodePointSet of(IntPredicate members) {
    return new CodePointSet(members);
  }

  /** Whether a code point is in the set. */
  public boolean contains(int codePoint) {
    if (codePoint < Long.SIZE) {
      return (below64 >>> codePoint & 1) != 0;
    }
    if (codePoint < 2 * Long.SIZE) {
      return (below128 >>> codePoint & 1) != 0;
    }
    return members.test(codePoint);
  }
}
