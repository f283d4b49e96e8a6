package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;

/** One layer of an encoder: attention, then the feed-forward block. */
final class EncoderLayer {
  private final FloatPool pool;
  private final Residual attention;
  private final Residual feedForward;

  EncoderLayer(FloatPool pool, Residual attention, Residual feedForward) {
    this.pool = pool;
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
        float[] dMiddle = end.backward(gradient);
        float[] dx = middle.backward(dMiddle);
        pool.give(dMiddle);
        return dx;
      }

      @Override
      public void release() {
        end.release();
        middle.release();
      }
    };
  }

  /** The same, but keeps the input and the output only, and computes the rest again. */
  Result forwardTwice(PackedTexts texts, float[] x, int hiddenSize) {
    Result first = forward(texts, x);
    float[] output = pool.copy(first.output(), texts.rows() * hiddenSize);
    first.release();
    return new Result() {
      @Override
      public float[] output() {
        return output;
      }

      @Override
      public float[] backward(float[] gradient) {
        release();
        return forward(texts, x).backward(gradient);
      }

      @Override
      public void release() {
        pool.give(output);
      }
    };
  }
}
