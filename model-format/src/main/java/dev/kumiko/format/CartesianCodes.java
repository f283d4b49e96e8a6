package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.BitSet;

/** The digits of the token id, or of its place in a stored order, to the base Q. */
final class CartesianCodes implements TokenCodes {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int base;

  /** Q^f, or the largest integer: an id is less than both alike. */
  private final int[] powers;

  private final MemorySegment order;

  private CartesianCodes(int base, int parts, MemorySegment order) {
    this.base = base;
    this.order = order;
    this.powers = new int[parts];
    long power = 1;
    for (int f = 0; f < parts; f++) {
      powers[f] = (int) power;
      power = Math.min(power * base, Integer.MAX_VALUE);
    }
  }

  static CartesianCodes inOrderOfIds(int base, int parts) {
    return new CartesianCodes(base, parts, null);
  }

  /** Takes the tensor {@code [tokens]}, in which every place occurs once. */
  static CartesianCodes inOrder(int base, int parts, String source, Tensor order)
      throws ModelFormatException {
    int[] places = order.toInts();
    BitSet taken = new BitSet(places.length);
    for (int token = 0; token < places.length; token++) {
      int place = places[token];
      if (place < 0 || place >= places.length || taken.get(place)) {
        String problem =
            place < 0 || place >= places.length
                ? "there are %,d places".formatted(places.length)
                : "another token has it already";
        throw new ModelFormatException(
            Reason.VALUE_OUT_OF_RANGE,
            "%s: tensor %s: token %,d has the place %,d, but %s; compress the model again"
                .formatted(source, order.name(), token, place, problem),
            -1,
            order.name());
      }
      taken.set(place);
    }
    return new CartesianCodes(base, parts, order.data());
  }

  @Override
  public int code(int token, int part) {
    int place = order == null ? token : order.get(INT, 4L * token);
    return place / powers[part] % base;
  }
}
