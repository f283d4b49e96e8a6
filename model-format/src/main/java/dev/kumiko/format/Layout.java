package dev.kumiko.format;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Which parts an encoder is composed of, beside its sizes.
 *
 * @param position how a token's place in the text enters
 * @param embeddingFactor what token vectors are multiplied by before the first layer
 * @param relativeBias what is added to the attention scores by the distance of two tokens
 * @param localAttention which layers see a neighbourhood only
 * @param attention how heads are made of queries, keys and values
 * @param norm where the norms of a layer stand
 * @param normKind what all norms compute
 * @param normBias whether norms have a bias
 * @param gated whether the feed-forward block multiplies its activations by a second linear map
 * @param biased the linear maps of the layers that have a bias
 */
public record Layout(
    Position position,
    double embeddingFactor,
    Optional<RelativeBias> relativeBias,
    Optional<LocalAttention> localAttention,
    Attention attention,
    NormPlace norm,
    NormKind normKind,
    boolean normBias,
    boolean gated,
    Set<LinearMap> biased) {

  /** The parts of BERT (Devlin et al., arXiv 1810.04805): the layout of a file that states none. */
  public static final Layout BERT = learned(Position.Learned.WITHOUT_PADDING);

  /** Copies the set. */
  public Layout {
    biased = Set.copyOf(biased);
  }

  /**
   * BERT's attention and LayerNorms with other parts around them.
   *
   * @param position how positions enter
   * @param relativeBias a bias of attention by distance, if there is one
   * @param localAttention which layers see a neighbourhood only, if any do
   * @param norm where the norms stand
   * @param gated whether the feed-forward block is gated
   * @param linearBias whether linear maps have biases
   * @param normBias whether norms have biases
   */
  public Layout(
      Position position,
      Optional<RelativeBias> relativeBias,
      Optional<LocalAttention> localAttention,
      NormPlace norm,
      boolean gated,
      boolean linearBias,
      boolean normBias) {
    this(
        position,
        1,
        relativeBias,
        localAttention,
        Attention.PLAIN,
        norm,
        NormKind.LAYER_NORM,
        normBias,
        gated,
        linearBias ? LinearMap.ALL : Set.of());
  }

  /**
   * {@return the parts of BERT with other position tables}
   *
   * @param position how positions enter
   */
  public static Layout learned(Position.Learned position) {
    return new Layout(
        position, Optional.empty(), Optional.empty(), NormPlace.AFTER, false, true, true);
  }

  /** {@return whether every linear map has a bias} */
  public boolean linearBias() {
    return biased.equals(LinearMap.ALL);
  }

  /**
   * {@return the same with other layers that see a neighbourhood only}
   *
   * @param other the other one
   */
  public Layout withLocalAttention(Optional<LocalAttention> other) {
    return new Layout(
        position,
        embeddingFactor,
        relativeBias,
        other,
        attention,
        norm,
        normKind,
        normBias,
        gated,
        biased);
  }

  /** The linear maps of a layer, by what they are for. */
  public enum LinearMap {
    /** The three that make queries, keys and values. */
    ATTENTION_INPUT,
    /** The one behind the heads. */
    ATTENTION_OUTPUT,
    /** The one before the activation, and the gate. */
    FEED_FORWARD_INPUT,
    /** The one behind the activation. */
    FEED_FORWARD_OUTPUT;

    /** All of them. */
    public static final Set<LinearMap> ALL = Set.copyOf(EnumSet.allOf(LinearMap.class));
  }

  /**
   * How heads are made of queries, keys and values.
   *
   * @param keyHeads heads of keys and values, each of which serves equally many heads of queries
   *     that follow each other (Ainslie et al., arXiv 2305.13245); 0 for one each
   * @param headSize length of a head; 0 for the hidden size divided by the heads
   * @param causal whether a token sees itself and those before it only
   * @param headNorms whether queries and keys are normalised, each head by itself, before they are
   *     rotated (Henry et al., arXiv 2010.04245)
   * @param scale what scores are multiplied by; empty for {@code 1 / sqrt(head size)}
   * @param cap empty, or c in {@code c * tanh(score / c)}, which a scaled score becomes (Gemma
   *     Team, arXiv 2408.00118, section 2)
   */
  public record Attention(
      int keyHeads,
      int headSize,
      boolean causal,
      boolean headNorms,
      OptionalDouble scale,
      OptionalDouble cap) {
    /** As Vaswani et al., arXiv 1706.03762, section 3.2, without a mask. */
    public static final Attention PLAIN =
        new Attention(0, 0, false, false, OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** What a norm computes of a vector, gain w and bias b. */
  public enum NormKind {
    /** {@code (x - mean) / sqrt(variance + epsilon) * w + b} (Ba et al., arXiv 1607.06450). */
    LAYER_NORM,
    /**
     * {@code x / sqrt(mean of squares + epsilon) * w + b} (Zhang and Sennrich, arXiv 1910.07467).
     */
    RMS_NORM,
    /** RMSNorm with {@code 1 + w} in place of w, as Gemma stores it. */
    RMS_NORM_FROM_ONE
  }

  /** Where the norms of a layer stand. */
  public enum NormPlace {
    /** {@code x = norm(x + block(x))}; one more behind the embeddings. */
    AFTER,
    /**
     * {@code x = x + block(norm(x))}, but {@code x + block(x)} in the attention of layer 0, whose
     * input is normalised already behind the embeddings; one more norm after the last layer.
     */
    BEFORE,
    /** {@code x = x + block(norm(x))} in every layer; one more norm after the last layer. */
    BEFORE_EACH,
    /** {@code x = x + norm(block(norm(x)))}; one more norm after the last layer. */
    AROUND;

    /** {@return whether there is a norm behind the embeddings} */
    public boolean isBehindEmbeddings() {
      return this == AFTER || this == BEFORE;
    }

    /** {@return whether blocks take normalised vectors, and a norm follows the last layer} */
    public boolean isBeforeBlocks() {
      return this != AFTER;
    }

    /**
     * {@return whether the attention block of a layer has a norm of its own}
     *
     * @param layer from 0
     */
    public boolean isInAttention(int layer) {
      return this != BEFORE || layer > 0;
    }
  }

  /**
   * A number for each head and bucket of distances, added to the attention scores in every layer
   * (Raffel et al., arXiv 1910.10683, section 2.1).
   *
   * @param buckets half of them for keys behind the query, half for the others
   * @param maxDistance tokens at least so far apart share the last bucket
   */
  public record RelativeBias(int buckets, int maxDistance) {
    /**
     * {@return the bucket of a key that stands {@code distance} tokens behind the query}
     *
     * @param distance in tokens; negative before the query
     */
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
