package dev.kumiko.encode;

/**
 * How far a table by position is computed: as far as texts have reached, and not as far as the
 * model file says that they may. Nothing in a file vouches for that number.
 */
final class Reach {
  private static final int FIRST = 64;

  private Reach() {}

  /**
   * Returns how many positions a table is made for: at least those that are needed, and so many
   * more that it seldom grows.
   *
   * @param known positions that it has
   * @param needed positions of the text at hand, more than are known
   * @param most positions of the model
   */
  static int grown(int known, int needed, int most) {
    long generous = Math.max(FIRST, 2L * known);
    return (int) Math.max(needed, Math.min(generous, most));
  }
}
