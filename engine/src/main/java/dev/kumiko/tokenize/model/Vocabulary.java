package dev.kumiko.tokenize.model;

import dev.kumiko.tokenize.unicode.Utf8;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The tokens of a model and their ids. A token is its UTF-8 bytes; an empty one is an id without a
 * token. Immutable and safe for concurrent use.
 *
 * <p>The table from token to id is open addressing over an array of longs: no object per token.
 */
public final class Vocabulary {
  /** {@link #hash(int, byte)} of no bytes. */
  static final int EMPTY_HASH = 0x811C9DC5;

  private static final long FREE = 0;

  /** Tokens that begin to look for a place at one slot; only tokens made for it are so many. */
  private static final int MOST_COLLISIONS = 1000;

  private final byte[] bytes;
  private final int[] offsets;
  private final int longest;
  private final int shift;

  /** A hash, and one more than an id. */
  private final long[] slots;

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
    requireOffsets();
    requireUtf8();
    int tokens = tokens();
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, tokens));
    if (bits > 29) {
      throw new IllegalArgumentException("vocabulary has " + tokens + " tokens, too many");
    }
    slots = new long[2 << bits];
    shift = Integer.SIZE - bits - 1;
    longest = index();
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
    for (int slot = slot(hash); slots[slot] != FREE; slot = (slot + 1) & mask) {
      if ((int) (slots[slot] >>> Integer.SIZE) == hash) {
        int id = (int) slots[slot] - 1;
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

  /** Number of ids that have a token. */
  private int tokens() {
    int tokens = 0;
    for (int id = 0; id < size(); id++) {
      if (offsets[id] < offsets[id + 1]) {
        tokens++;
      }
    }
    return tokens;
  }

  private int slot(int hash) {
    return (hash * 0x9E3779B1) >>> shift;
  }

  /** Fills the table and finds the longest token. */
  private int index() {
    int most = 0;
    for (int id = 0; id < size(); id++) {
      int from = offsets[id];
      int to = offsets[id + 1];
      if (from < to) {
        int hash = hash(EMPTY_HASH, bytes, from, to);
        int twin = find(hash, bytes, 0, bytes, from, to);
        if (twin >= 0) {
          throw new IllegalArgumentException(
              "vocabulary has the token \"%s\" twice: ids %d and %d"
                  .formatted(token(id), twin, id));
        }
        insert(hash, id);
        most = Math.max(most, to - from);
      }
    }
    return most;
  }

  private void insert(int hash, int id) {
    int slot = slot(hash);
    for (int i = 0; slots[slot] != FREE; i++) {
      if (i == MOST_COLLISIONS) {
        throw new IllegalArgumentException(
            "vocabulary has more than %d tokens, among them \"%s\", with like hashes: it was made to be slow"
                .formatted(MOST_COLLISIONS, token(id)));
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = ((long) hash << Integer.SIZE) | (id + 1);
  }

  private void requireOffsets() {
    if (offsets.length == 0) {
      throw new IllegalArgumentException("vocabulary has no offsets; it needs at least one, 0");
    }
    if (offsets[0] != 0) {
      throw new IllegalArgumentException("vocabulary offsets must begin with 0, not " + offsets[0]);
    }
    for (int id = 0; id < size(); id++) {
      if (offsets[id + 1] < offsets[id]) {
        throw new IllegalArgumentException(
            "vocabulary token %d ends at byte %d, before its beginning at %d"
                .formatted(id, offsets[id + 1], offsets[id]));
      }
    }
    if (offsets[size()] != bytes.length) {
      throw new IllegalArgumentException(
          "vocabulary tokens end at byte %d, but there are %d bytes"
              .formatted(offsets[size()], bytes.length));
    }
  }

  private void requireUtf8() {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(Math.min(bytes.length + 1, 4096));
    var decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      out.clear();
      result = decoder.decode(in, out, true);
    }
    if (result.isError()) {
      throw new IllegalArgumentException(
          "vocabulary is not UTF-8 at byte %d, in token %d"
              .formatted(in.position(), tokenAt(in.position())));
    }
    for (int id = 0; id < size(); id++) {
      if (offsets[id] < bytes.length && Utf8.isContinuation(bytes[offsets[id]])) {
        throw new IllegalArgumentException(
            "vocabulary token %d begins at byte %d, inside a character".formatted(id, offsets[id]));
      }
    }
  }

  private int tokenAt(int position) {
    int id = 0;
    while (offsets[id + 1] <= position) {
      id++;
    }
    return id;
  }
}
