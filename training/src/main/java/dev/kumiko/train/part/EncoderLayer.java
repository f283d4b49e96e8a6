package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;

/** One layer of an encoder: attention, then the feed-forward block. */
final class EncoderLayer {
  private final Residual attention;
  private final Residual feedForward;

  EncoderLayer(Residual attention, Residual feedForward) {
    this.attention = attention;
    this.feedForward = feedForward;
  }

  void refresh() {
    attention.refresh();
    feedForward.refresh();
  }

  /** Computes {@code [rows][hidden]} from {@code x} of the same shape, which is kept. */
  Result forward(PackedTexts texts, float[] x) {
    Result middle = attention.forward(texts, x);
    Result end = feedForward.forward(texts, middle.output());
    return new Result() {
      @Override
      public float[] output() {
        return end.output();
      }

      @Override
      public float[] backward(float[] gradient) {
        return middle.backward(end.backward(gradient));
      }
    };
  }

  /** The same, but keeps the input and the output only, and computes the rest again. */
  Result forwardTwice(PackedTexts texts, float[] x) {
    float[] output = forward(texts, x).output();
    return new Result() {
      @Override
      public float[] output() {
        return output;
      }

      @Override
      public float[] backward(float[] gradient) {
        return forward(texts, x).backward(gradient);
      }
    };
  }
}
