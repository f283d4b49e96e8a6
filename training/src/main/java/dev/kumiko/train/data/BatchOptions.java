package dev.kumiko.train.data;

/**
 * How batches are put together.
 *
 * @param size examples in a batch
 * @param seed of the order of examples and files
 * @param shuffle whether the examples of a file come in an order of their own in each epoch, rather
 *     than in the file's
 * @param dropLast whether a last batch that is not full is left out
 * @param noDuplicates whether no text stands in two examples of a batch: what does not fit is kept
 *     for a later batch. In-batch negatives need it, for a text is no negative of itself
 * @param mixing which file comes next if there are several
 */
public record BatchOptions(
    int size, long seed, boolean shuffle, boolean dropLast, boolean noDuplicates, Mixing mixing) {
  /** Checks the size. */
  public BatchOptions {
    if (size < 1) {
      throw new IllegalArgumentException("a batch has one example at least, not " + size);
    }
  }

  /**
   * {@return the defaults of sentence-transformers: shuffled, with the last batch, proportional}
   *
   * @param size examples in a batch
   * @param seed of the order
   */
  public static BatchOptions of(int size, long seed) {
    return new BatchOptions(size, seed, true, false, false, Mixing.PROPORTIONAL);
  }

  /** {@return the same with examples in the order of their file} */
  public BatchOptions inOrder() {
    return new BatchOptions(size, seed, false, dropLast, noDuplicates, mixing);
  }

  /** {@return the same without a last batch that is not full} */
  public BatchOptions droppingLast() {
    return new BatchOptions(size, seed, shuffle, true, noDuplicates, mixing);
  }

  /** {@return the same without texts that stand in two examples of a batch} */
  public BatchOptions withoutDuplicates() {
    return new BatchOptions(size, seed, shuffle, dropLast, true, mixing);
  }

  /**
   * {@return the same with files mixed otherwise}
   *
   * @param other how
   */
  public BatchOptions mixed(Mixing other) {
    return new BatchOptions(size, seed, shuffle, dropLast, noDuplicates, other);
  }
}
