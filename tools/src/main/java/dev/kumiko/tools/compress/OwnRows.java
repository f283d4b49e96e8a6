package dev.kumiko.tools.compress;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.SpecialTokens;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which tokens keep a row of their own beside the composed ones. */
final class OwnRows {
  private OwnRows() {}

  /**
   * Returns the special tokens, and as many of the most frequent ones as are asked for.
   *
   * @param frequent their number; empty if no token keeps its row
   * @param counts how often each token occurs, {@code [tokens]}
   * @return ids, ascending
   * @throws IOException if fewer tokens occur
   */
  static int[] of(OptionalInt frequent, ModelDescription description, Optional<long[]> counts)
      throws IOException {
    if (frequent.isEmpty()) {
      return new int[0];
    }
    int wanted = frequent.getAsInt();
    IntStream most = wanted == 0 ? IntStream.empty() : mostFrequent(wanted, counts.orElseThrow());
    return IntStream.concat(specials(description), most).sorted().distinct().toArray();
  }

  private static IntStream mostFrequent(int wanted, long[] counts) throws IOException {
    int[] occurring = IntStream.range(0, counts.length).filter(id -> counts[id] > 0).toArray();
    if (occurring.length < wanted) {
      throw new IOException(
          "--own-rows is %,d, but only %,d different tokens occur in the corpus"
              .formatted(wanted, occurring.length));
    }
    return IntStream.of(occurring)
        .boxed()
        .sorted(Comparator.<Integer>comparingLong(id -> -counts[id]).thenComparing(id -> id))
        .limit(wanted)
        .mapToInt(Integer::intValue);
  }

  private static IntStream specials(ModelDescription description) {
    SpecialTokens specials = description.tokenizer().specialTokens();
    return Stream.of(specials.single(), specials.pair())
        .flatMap(List::stream)
        .filter(piece -> piece.kind() == SpecialTokens.Kind.TOKEN)
        .mapToInt(SpecialTokens.Piece::id);
  }
}
