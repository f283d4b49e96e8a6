package dev.kumiko.tokenize.model;

import dev.kumiko.tokenize.unicode.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The tokens of a model and their ids. A token is its UTF-8 bytes; an empty one is an id without a
 * token. Immutable and safe for concurrent use.
 *
 * <p>The table from token to id is open addressing over an array of ints: no object per token. One
 * pass makes it, since a large vocabulary is most of what takes time when a small model is opened.
 */
public final class Vocabulary {
  /** {@link #hash(int, byte)} of no bytes. */
  static final int EMPTY_HASH = 0x811C9DC5;

  private static final int FREE = 0;

  /** Tokens that begin to look for a place at one slot; only tokens made for it are so many. */
  private static final int MOST_COLLISIONS = 1000;

  private final byte[] bytes;
  private final int[] offsets;
  private final int longest;
  private final int shift;

  /** The bits of a slot that hold one more than an id; the others are the same of its hash. */
  private final int idMask;

  private final int[] slots;

  /**
   * A vocabulary of {@code offsets.length - 1} tokens. The arrays are kept, not copied; they must
   * not change afterwards.
   *
   * @param bytes {@code [bytes]}: the UTF-8 bytes of all tokens, one after another
   * @param offsets {@code [tokens + 1]}: where each token begins, and where the last one ends
   * @throws IllegalArgumentException if the offsets do not fit the bytes, if a token is not UTF-8,
   *     or if a token occurs twice
   */
  public Vocabulary(byte[] bytes, int[] offsets) {
    this.bytes = Objects.requireNonNull(bytes, "bytes");
    this.offsets = Objects.requireNonNull(offsets, "offsets");
    if (offsets.length == 0 || offsets[0] != 0) {
      throw new IllegalArgumentException(
          offsets.length == 0
              ? "vocabulary has no offsets; it needs at least one, 0"
              : "vocabulary offsets must begin with 0, not " + offsets[0]);
    }
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size()));
    if (bits > 29) {
      throw new IllegalArgumentException("vocabulary has " + size() + " tokens, too many");
    }
    idMask = (1 << bits) - 1;
    slots = new int[2 << bits];
    shift = Integer.SIZE - bits - 1;
    longest = index();
    if (offsets[size()] != bytes.length) {
      throw new IllegalArgumentException(
          "vocabulary tokens end at byte %d, but there are %d bytes"
              .formatted(offsets[size()], bytes.length));
    }
  }

  /** Number of ids. */
  public int size() {
    return offsets.length - 1;
  }

  /**
   * The token of an id.
   *
   * @throws IndexOutOfBoundsException if {@code id} is not in {@code [0, size)}
   */
  public String token(int id) {
    Objects.checkIndex(id, size());
    int from = offsets[id];
    return new String(bytes, from, offsets[id + 1] - from, StandardCharsets.UTF_8);
  }

  /** The id of the token {@code token[from, to)}, or -1 if there is none. */
  public int id(byte[] token, int from, int to) {
    Objects.checkFromToIndex(from, to, token.length);
    return find(hash(EMPTY_HASH, token, from, to), token, 0, token, from, to);
  }

  /** The id of a token, or -1 if there is none. */
  public int id(String token) {
    byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
    return id(utf8, 0, utf8.length);
  }

  /** Bytes of the longest token. */
  int longest() {
    return longest;
  }

  /** Bytes of all tokens. */
  int bytes() {
    return bytes.length;
  }

  /** Adds every beginning of every token, the whole token included. */
  void addBeginnings(PrefixFilter filter) {
    for (int id = 0; id < size(); id++) {
      int hash = EMPTY_HASH;
      for (int i = offsets[id]; i < offsets[id + 1]; i++) {
        hash = hash(hash, bytes[i]);
        filter.add(hash);
      }
    }
  }

  /** FNV-1a, one byte further. */
  static int hash(int hash, byte next) {
    return (hash ^ next) * 0x01000193;
  }

  static int hash(int hash, byte[] bytes, int from, int to) {
    int result = hash;
    for (int i = from; i < to; i++) {
      result = hash(result, bytes[i]);
    }
    return result;
  }

  /**
   * The id of the token that consists of {@code prefix[0, prefixLength)} and {@code text[from,
   * to)}, or -1.
   *
   * @param hash the hash of both
   */
  int find(int hash, byte[] prefix, int prefixLength, byte[] text, int from, int to) {
    int mask = slots.length - 1;
    int taken;
    for (int slot = slot(hash); (taken = slots[slot]) != FREE; slot = (slot + 1) & mask) {
      if (((taken ^ hash) & ~idMask) == 0) {
        int id = (taken & idMask) - 1;
        int start = offsets[id];
        int stop = offsets[id + 1];
        if (stop - start == prefixLength + to - from
            && Arrays.equals(bytes, start + prefixLength, stop, text, from, to)
            && Arrays.equals(bytes, start, start + prefixLength, prefix, 0, prefixLength)) {
          return id;
        }
      }
    }
    return -1;
  }

  private int slot(int hash) {
    return (hash * 0x9E3779B1) >>> shift;
  }

  /** Checks the tokens, fills the table and finds the longest. */
  private int index() {
    int most = 0;
    for (int id = 0; id < size(); id++) {
      most = Math.max(most, add(id));
    }
    return most;
  }

  /**
   * Checks a token, adds it and returns its length. By itself, because the JIT compiles a method
   * that is called often sooner than a loop around it.
   */
  private int add(int id) {
    int from = offsets[id];
    int to = offsets[id + 1];
    if (to < from || to > bytes.length) {
      throw new IllegalArgumentException(
          to < from
              ? "vocabulary token %d ends at byte %d, before its beginning at %d"
                  .formatted(id, to, from)
              : "vocabulary token %d ends at byte %d, but there are %d bytes"
                  .formatted(id, to, bytes.length));
    }
    int hash = EMPTY_HASH;
    int signs = 0;
    for (int i = from; i < to; i++) {
      hash = hash(hash, bytes[i]);
      signs |= bytes[i];
    }
    if (signs < 0) {
      requireUtf8(id, from, to);
    }
    if (from < to) {
      insert(hash, id);
    }
    return to - from;
  }

  private void insert(int hash, int id) {
    int slot = slot(hash);
    for (int i = 0; slots[slot] != FREE; i++) {
      int other = (slots[slot] & idMask) - 1;
      if (((slots[slot] ^ hash) & ~idMask) == 0 && isSame(id, other)) {
        throw new IllegalArgumentException(
            "vocabulary has the token \"%s\" twice: ids %d and %d".formatted(token(id), other, id));
      }
      if (i == MOST_COLLISIONS) {
        throw new IllegalArgumentException(
            "vocabulary has more than %d tokens, among them \"%s\", with like hashes: it was made to be slow"
                .formatted(MOST_COLLISIONS, token(id)));
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = (hash & ~idMask) | (id + 1);
  }

  private boolean isSame(int id, int other) {
    return Arrays.equals(
        bytes, offsets[id], offsets[id + 1], bytes, offsets[other], offsets[other + 1]);
  }

  private void requireUtf8(int id, int from, int to) {
    int malformed = Utf8.firstMalformed(bytes, from, to);
    if (malformed < to) {
      throw new IllegalArgumentException(
          "vocabulary is not UTF-8 at byte %d, in token %d".formatted(malformed, id));
    }
  }
}
