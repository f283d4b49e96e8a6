package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.model.ModelFormatException;

/** One layer of an encoder: attention, then the feed-forward block. */
final class EncoderLayer {
  private final SelfAttention attention;
  private final Residual aroundAttention;
  private final FeedForward feedForward;
  private final Residual aroundFeedForward;

  EncoderLayer(Architecture a, Weights weights, PositionParts positions, int layer)
      throws ModelFormatException {
    this.attention = new SelfAttention(a, weights, positions, layer);
    this.aroundAttention = Residual.aroundAttention(a, weights, layer);
    this.feedForward = new FeedForward(a, weights, layer);
    this.aroundFeedForward = Residual.aroundFeedForward(a, weights, layer);
  }

  /** Replaces the rows of {@code w.hidden()}. */
  void addTo(Steps steps) {
    steps.rows(aroundAttention::prepare);
    attention.addTo(steps, aroundAttention::input);
    steps.rows(aroundAttention::join);
    steps.rows(aroundFeedForward::prepare);
    feedForward.addTo(steps, aroundFeedForward::input);
    steps.rows(aroundFeedForward::join);
  }
}
