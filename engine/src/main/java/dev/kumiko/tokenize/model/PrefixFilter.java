package dev.kumiko.tokenize.model;

/**
 * Tells that no token begins with some text, without a trie: a Bloom filter of the hashes of all
 * beginnings of all tokens. It may say by mistake that there is one.
 */
final class PrefixFilter {
  /** At most one prefix in ten is there by mistake. Small, since all of it is touched at random. */
  private static final int BITS_PER_BYTE = 3;

  private final long[] words;
  private final int shift;

  PrefixFilter(Vocabulary vocabulary) {
    long bits = Math.max(1024, BITS_PER_BYTE * (long) vocabulary.bytes());
    int log = Math.min(30, Long.SIZE - Long.numberOfLeadingZeros(bits - 1));
    words = new long[1 << (log - 6)];
    shift = Integer.SIZE - log;
    vocabulary.addBeginnings(this);
  }

  /** Adds the beginning that has a hash. */
  void add(int hash) {
    int bit = bit(hash);
    words[bit >>> 6] |= 1L << bit;
  }

  /** Whether a token may begin with the text of this hash. */
  boolean mayContain(int hash) {
    int bit = bit(hash);
    return (words[bit >>> 6] >>> bit & 1) != 0;
  }

  private int bit(int hash) {
    return (hash * 0x9E3779B1) >>> shift;
  }
}
