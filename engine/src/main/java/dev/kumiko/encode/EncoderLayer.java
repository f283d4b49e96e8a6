package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFormatException;

/** One layer of a post-LayerNorm encoder (Devlin et al., arXiv 1810.04805, section 3). */
final class EncoderLayer {
  private final SelfAttention attention;
  private final FeedForward feedForward;

  EncoderLayer(Architecture a, Weights weights, int layer) throws ModelFormatException {
    this.attention = new SelfAttention(a, weights, layer);
    this.feedForward = new FeedForward(a, weights, layer);
  }

  /** Replaces {@code w.hidden()} {@code [rows][hidden]} by the layer's output. */
  void apply(PackedTexts texts, Workspace w) {
    attention.apply(texts, w);
    feedForward.apply(texts, w);
  }
}
