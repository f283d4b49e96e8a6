package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Codes that stay in the file, one for each token and part. */
final class StoredCodes implements TokenCodes {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Odd, with bits all over: 2^64 divided by the golden ratio. */
  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  private final String source;
  private final Tensor tensor;
  private final MemorySegment codes;
  private final boolean wide;
  private final int tokens;
  private final int parts;

  /**
   * Takes the tensor.
   *
   * @param source the file for messages
   * @param tensor U8 or U16 {@code [tokens][parts]}
   */
  StoredCodes(String source, Tensor tensor) {
    this.source = source;
    this.tensor = tensor;
    this.codes = tensor.data();
    this.wide = tensor.type() == DType.U16;
    this.tokens = Math.toIntExact(tensor.shape().get(0));
    this.parts = Math.toIntExact(tensor.shape().get(1));
  }

  @Override
  public int code(int token, int part) {
    long at = (long) token * parts + part;
    return wide
        ? Short.toUnsignedInt(codes.get(SHORT, 2 * at))
        : Byte.toUnsignedInt(codes.get(ValueLayout.JAVA_BYTE, at));
  }

  /**
   * Checks that there is a sub-vector for every code.
   *
   * @param sizes the number of sub-vectors of each part
   */
  StoredCodes checkRange(int[] sizes) throws ModelFormatException {
    int largest = wide ? 0xFFFF : 0xFF;
    if (Arrays.stream(sizes).allMatch(size -> size > largest)) {
      return this;
    }
    for (int token = 0; token < tokens; token++) {
      for (int part = 0; part < parts; part++) {
        int code = code(token, part);
        if (code >= sizes[part]) {
          throw wrong(
              "token %,d has the code %,d in part %d, which has %,d vectors"
                  .formatted(token, code, part, sizes[part]));
        }
      }
    }
    return this;
  }

  /**
   * Checks that no two tokens have the same codes.
   *
   * @param exempt ids in ascending order, of tokens whose codes have no meaning
   */
  void checkDistinct(int[] exempt) throws ModelFormatException {
    long[] hashes = new long[tokens];
    int count = 0;
    for (int token = 0; token < tokens; token++) {
      if (Arrays.binarySearch(exempt, token) < 0) {
        hashes[count++] = hash(token);
      }
    }
    long[] sorted = Arrays.copyOf(hashes, count);
    Arrays.sort(sorted);
    for (int i = 1; i < count; i++) {
      if (sorted[i] == sorted[i - 1]) {
        compareAll(exempt);
        return;
      }
    }
  }

  private long hash(int token) {
    long hash = 0;
    for (int part = 0; part < parts; part++) {
      hash = (hash ^ code(token, part)) * HASH_FACTOR;
      hash ^= hash >>> 32;
    }
    return hash;
  }

  /** Exact but slow: only for tables in which two hashes are the same. */
  private void compareAll(int[] exempt) throws ModelFormatException {
    Map<String, Integer> seen = HashMap.newHashMap(tokens);
    char[] row = new char[parts];
    for (int token = 0; token < tokens; token++) {
      if (Arrays.binarySearch(exempt, token) >= 0) {
        continue;
      }
      for (int part = 0; part < parts; part++) {
        row[part] = (char) code(token, part);
      }
      Integer other = seen.putIfAbsent(new String(row), token);
      if (other != null) {
        throw wrong(
            "tokens %,d and %,d have the same codes, though they are said to be distinct"
                .formatted(other, token));
      }
    }
  }

  private ModelFormatException wrong(String problem) {
    return new ModelFormatException(
        Reason.VALUE_OUT_OF_RANGE,
        "%s: tensor %s: %s; compress the model again".formatted(source, tensor.name(), problem),
        -1,
        tensor.name());
  }
}
