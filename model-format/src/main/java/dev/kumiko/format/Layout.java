package dev.kumiko.format;

import java.util.List;
import java.util.Optional;

/**
 * Which parts an encoder is composed of, beside its sizes.
 *
 * @param position how a token's place in the text enters
 * @param relativeBias what is added to the attention scores by the distance of two tokens
 * @param localAttention which layers see a neighbourhood only
 * @param norm where the LayerNorms of a layer stand
 * @param gated whether the feed-forward block multiplies its activations by a second linear map
 * @param linearBias whether the linear maps of the layers have a bias
 * @param normBias whether LayerNorms have a bias
 */
public record Layout(
    Position position,
    Optional<RelativeBias> relativeBias,
    Optional<LocalAttention> localAttention,
    NormPlace norm,
    boolean gated,
    boolean linearBias,
    boolean normBias) {

  /** The parts of BERT (Devlin et al., arXiv 1810.04805): the layout of a file that states none. */
  public static final Layout BERT = learned(Position.Learned.WITHOUT_PADDING);

  /** Returns the parts of BERT with other position tables. */
  public static Layout learned(Position.Learned position) {
    return new Layout(
        position, Optional.empty(), Optional.empty(), NormPlace.AFTER, false, true, true);
  }

  /** Returns the same with other layers that see a neighbourhood only. */
  public Layout withLocalAttention(Optional<LocalAttention> other) {
    return new Layout(position, relativeBias, other, norm, gated, linearBias, normBias);
  }

  /** Where the LayerNorms of a layer stand. */
  public enum NormPlace {
    /** {@code x = LayerNorm(x + block(x))}. */
    AFTER,
    /**
     * {@code x = x + block(LayerNorm(x))}, but {@code x + block(x)} in the attention of layer 0,
     * whose input is normalised already; one more LayerNorm after the last layer.
     */
    BEFORE
  }

  /**
   * A number for each head and bucket of distances, added to the attention scores in every layer
   * (Raffel et al., arXiv 1910.10683, section 2.1).
   *
   * @param buckets half of them for keys behind the query, half for the others
   * @param maxDistance tokens at least so far apart share the last bucket
   */
  public record RelativeBias(int buckets, int maxDistance) {
    /** Returns the bucket of a key that stands {@code distance} tokens behind the query. */
    public int bucket(int distance) {
      int half = buckets / 2;
      int from = distance > 0 ? half : 0;
      int far = Math.abs(distance);
      int exact = half / 2;
      if (far < exact) {
        return from + far;
      }
      double steps = Math.log((double) far / exact) / Math.log((double) maxDistance / exact);
      return from + Math.min(half - 1, exact + (int) (steps * (half - exact)));
    }
  }

  /**
   * Attention to near tokens only (Beltagy et al., arXiv 2004.05150, section 3.1).
   *
   * @param window how far away a token may be seen
   * @param layers the layers that see so far only, ascending
   */
  public record LocalAttention(int window, List<Integer> layers) {
    /** Copies the layers. */
    public LocalAttention {
      layers = List.copyOf(layers);
    }
  }
}
