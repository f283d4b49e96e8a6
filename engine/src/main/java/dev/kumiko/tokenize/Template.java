package dev.kumiko.tokenize;

import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SpecialTokens.Piece;
import java.util.List;

/** Where specials stand around one text or around two. Immutable and safe for concurrent use. */
final class Template {
  private final List<Piece> pieces;
  private final int specials;

  /** A template whose token types do not decrease, see {@link SpecialTokens#problem}. */
  Template(List<Piece> pieces) {
    this.pieces = pieces;
    this.specials = SpecialTokens.count(pieces);
  }

  /** How many specials stand before the first text. */
  int before() {
    int count = 0;
    while (pieces.get(count).kind() == SpecialTokens.Kind.TOKEN) {
      count++;
    }
    return count;
  }

  /** How many specials there are. */
  int specials() {
    return specials;
  }

  /** Puts the specials around {@code a} ids of the first text and {@code b} of the second. */
  Encoding around(Ids first, int a, Ids second, int b, boolean truncated) {
    int[] ids = new int[a + b + specials];
    int length = 0;
    int typeZero = 0;
    for (Piece piece : pieces) {
      if (piece.kind() == SpecialTokens.Kind.TOKEN) {
        ids[length++] = piece.id();
      } else if (piece.kind() == SpecialTokens.Kind.FIRST) {
        first.copyTo(ids, length, a);
        length += a;
      } else {
        second.copyTo(ids, length, b);
        length += b;
      }
      typeZero = piece.type() == 0 ? length : typeZero;
    }
    return new Encoding(ids, typeZero, truncated);
  }

  /** Ids of a text. */
  interface Ids {
    /** Copies the {@code length} that are kept to {@code target[offset ...]}. */
    void copyTo(int[] target, int offset, int length);
  }
}
