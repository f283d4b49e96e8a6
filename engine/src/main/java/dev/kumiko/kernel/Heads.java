package dev.kumiko.kernel;

/**
 * The heads of an attention, and how their scores are scaled. A row holds the queries of all heads,
 * then the keys, then the values.
 *
 * @param queries number of heads of queries
 * @param keys number of heads of keys, and of values; divides {@code queries}
 * @param size length of a head
 * @param scale what scores are multiplied by
 * @param cap c in {@code c * tanh(score / c)}, which a scaled score becomes; 0 for none
 */
public record Heads(int queries, int keys, int size, float scale, float cap) {
  /** Heads with keys and values of their own, and scores divided by the root of their length. */
  public static Heads plain(int heads, int size) {
    return new Heads(heads, heads, size, (float) (1 / Math.sqrt(size)), 0);
  }

  /** Returns the length of a row. */
  public int rowWidth() {
    return (queries + 2 * keys) * size;
  }

  /** Returns the length of all queries of a row, and of what is gathered for it. */
  public int queryWidth() {
    return queries * size;
  }

  /** Returns where the keys of a head of queries begin in a row. */
  public int keyOffset(int head) {
    return (queries + head / sharing()) * size;
  }

  /** Returns where the values of a head of queries begin in a row. */
  public int valueOffset(int head) {
    return (queries + keys + head / sharing()) * size;
  }

  /** Returns whether a head has other keys than the one before it. */
  public boolean isFirstOfKeys(int head) {
    return head % sharing() == 0;
  }

  /** Returns whether scores are capped. */
  public boolean areCapped() {
    return cap > 0;
  }

  /** Returns what is left to be multiplied with once scores are capped, if they are. */
  public float scaleBehindCap() {
    return areCapped() ? 1 : scale;
  }

  private int sharing() {
    return queries / keys;
  }
}
