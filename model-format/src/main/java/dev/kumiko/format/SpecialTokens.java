package dev.kumiko.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where special tokens stand around the texts.
 *
 * @param single around one text; has the first text once
 * @param pair around two texts; has the first text once and, behind it, the second text once
 */
public record SpecialTokens(List<Piece> single, List<Piece> pair) {
  /** What a piece stands for. */
  public enum Kind {
    /** A special token. */
    TOKEN,
    /** The tokens of the first text. */
    FIRST,
    /** The tokens of the second text. */
    SECOND
  }

  /**
   * A piece.
   *
   * @param kind what it stands for
   * @param id the special token's id; 0 for a text
   * @param type the token type; never less than that of the piece before it, 0 or 1
   */
  public record Piece(Kind kind, int id, int type) {
    /**
     * A special token.
     *
     * @param id of the token
     * @param type the token type of what stands there
     * @return a piece of a template
     */
    public static Piece token(int id, int type) {
      return new Piece(Kind.TOKEN, id, type);
    }

    /**
     * The first text.
     *
     * @param type the token type of what stands there
     * @return a piece of a template
     */
    public static Piece first(int type) {
      return new Piece(Kind.FIRST, 0, type);
    }

    /**
     * The second text.
     *
     * @param type the token type of what stands there
     * @return a piece of a template
     */
    public static Piece second(int type) {
      return new Piece(Kind.SECOND, 0, type);
    }

    @Override
    public String toString() {
      return (kind == Kind.TOKEN ? Integer.toString(id) : kind == Kind.FIRST ? "$A" : "$B")
          + ":"
          + type;
    }
  }

  /** Copies the lists. */
  public SpecialTokens {
    single = List.copyOf(single);
    pair = List.copyOf(pair);
  }

  /**
   * BERT's: {@code [CLS] A [SEP]} and {@code [CLS] A [SEP] B [SEP]}, the last two of type 1.
   *
   * @param cls the id of {@code [CLS]}
   * @param sep the id of {@code [SEP]}
   * @return the templates
   */
  public static SpecialTokens bert(int cls, int sep) {
    return new SpecialTokens(
        List.of(Piece.token(cls, 0), Piece.first(0), Piece.token(sep, 0)),
        List.of(
            Piece.token(cls, 0),
            Piece.first(0),
            Piece.token(sep, 0),
            Piece.second(1),
            Piece.token(sep, 1)));
  }

  /**
   * {@return how many special tokens there are among pieces}
   *
   * @param pieces of a template
   */
  public static int count(List<Piece> pieces) {
    return (int) pieces.stream().filter(piece -> piece.kind() == Kind.TOKEN).count();
  }

  /** {@return how many special tokens stand before a single text} */
  public int before() {
    int count = 0;
    while (count < single.size() && single.get(count).kind() == Kind.TOKEN) {
      count++;
    }
    return count;
  }

  /** {@return the first thing that is wrong, for people; empty if nothing is} */
  public Optional<String> problem() {
    return problem("single", single, List.of(Kind.FIRST))
        .or(() -> problem("pair", pair, List.of(Kind.FIRST, Kind.SECOND)));
  }

  private static Optional<String> problem(String name, List<Piece> pieces, List<Kind> texts) {
    List<Kind> found = new ArrayList<>();
    int type = 0;
    for (Piece piece : pieces) {
      if (piece.kind() != Kind.TOKEN) {
        found.add(piece.kind());
      }
      if (piece.type() < type || piece.type() > 1) {
        return Optional.of(
            name + " is " + pieces + "; token types must be 0, and from some piece on 1");
      }
      type = piece.type();
    }
    return found.equals(texts)
        ? Optional.empty()
        : Optional.of(
            name
                + " is "
                + pieces
                + "; its texts must be "
                + (texts.size() == 1 ? "$A" : "$A and then $B")
                + ", each once");
  }
}
