package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;

/** One layer of an encoder: attention, then the feed-forward block. */
final class EncoderLayer {
  private final SelfAttention attention;
  private final Residual aroundAttention;
  private final FeedForward feedForward;
  private final Residual aroundFeedForward;

  EncoderLayer(Architecture a, Weights weights, PositionParts positions, int layer)
      throws ModelFormatException {
    this.attention = new SelfAttention(a, weights, positions, layer);
    this.aroundAttention = Residual.of(a, weights, TensorNames.attentionNorm(layer), layer == 0);
    this.feedForward = new FeedForward(a, weights, layer);
    this.aroundFeedForward = Residual.of(a, weights, TensorNames.feedForwardNorm(layer), false);
  }

  /** The layer's first half: queries, keys and values of the share's rows. */
  void project(PackedTexts texts, RowShare share, float[] qkv, Workspace w) {
    attention.project(texts, share, aroundAttention.input(w, share), qkv);
  }

  /** The rest, once all shares are projected: replaces the share's rows of {@code w.hidden()}. */
  void complete(PackedTexts texts, RowShare share, float[] qkv, Workspace w) {
    attention.attend(texts, share, qkv, w);
    aroundAttention.join(w, share);
    feedForward.apply(share, aroundFeedForward.input(w, share), w);
    aroundFeedForward.join(w, share);
  }
}
