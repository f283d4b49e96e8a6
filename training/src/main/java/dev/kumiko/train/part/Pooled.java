package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.Pooler;
import dev.kumiko.format.Pooling;
import java.util.List;

/** The vectors of texts, pooled from their tokens' vectors in one or several ways. */
final class Pooled implements Result {
  private final FloatPool pool;
  private final List<Pooling> pooling;
  private final PackedTexts texts;
  private final int[] skipped;
  private final float[] hidden;
  private final int size;
  private final float[] output;

  /**
   * Pools.
   *
   * @param skipped for each text, so many tokens are left out from the first on
   * @param hidden {@code [rows][size]}, kept
   */
  Pooled(
      Compute compute,
      List<Pooling> pooling,
      PackedTexts texts,
      int[] skipped,
      float[] hidden,
      int size) {
    this.pool = compute.pool();
    this.pooling = pooling;
    this.texts = texts;
    this.skipped = skipped;
    this.hidden = hidden;
    this.size = size;
    int width = pooling.size() * size;
    this.output = new float[texts.texts() * width];
    compute
        .threads()
        .forEach(
            texts.texts(),
            (text, scratch) -> {
              float[] vector =
                  Pooler.pool(
                      pooling, hidden, texts.start(text), texts.tokens(text), skipped[text], size);
              System.arraycopy(vector, 0, output, text * width, width);
            });
  }

  @Override
  public float[] output() {
    return output;
  }

  @Override
  public float[] backward(float[] gradient) {
    float[] result = pool.zeros(texts.rows() * size);
    for (int text = 0; text < texts.texts(); text++) {
      if (skipped[text] < texts.tokens(text)) {
        for (int i = 0; i < pooling.size(); i++) {
          int from = (text * pooling.size() + i) * size;
          backward(pooling.get(i), text, gradient, from, result);
        }
      }
    }
    return result;
  }

  @Override
  public void release() {}

  private void backward(Pooling kind, int text, float[] gradient, int from, float[] result) {
    int first = texts.start(text) + skipped[text];
    int end = texts.start(text + 1);
    int count = end - first;
    switch (kind) {
      case CLS -> add(gradient, from, 1, result, first);
      case LAST_TOKEN -> add(gradient, from, 1, result, end - 1);
      case MAX -> addToHighest(gradient, from, first, end, result);
      case MEAN -> addToAll(gradient, from, 1.0 / count, first, end, result);
      case MEAN_SQRT_LEN -> addToAll(gradient, from, 1 / Math.sqrt(count), first, end, result);
      case WEIGHTED_MEAN -> addWeighted(gradient, from, texts.start(text), first, end, result);
      case WEIGHTED_MEAN_FROM_TEXT -> addWeighted(gradient, from, first, first, end, result);
    }
  }

  /** The weight of the row {@code one} is 1, and they grow by one. */
  private void addWeighted(
      float[] gradient, int from, int one, int first, int end, float[] result) {
    double weights = 0;
    for (int row = first; row < end; row++) {
      weights += row - one + 1;
    }
    for (int row = first; row < end; row++) {
      addToAll(gradient, from, (row - one + 1) / weights, row, row + 1, result);
    }
  }

  private void addToAll(
      float[] gradient, int from, double factor, int first, int end, float[] result) {
    for (int row = first; row < end; row++) {
      add(gradient, from, (float) factor, result, row);
    }
  }

  private void add(float[] gradient, int from, float factor, float[] result, int row) {
    for (int i = 0; i < size; i++) {
      result[row * size + i] += factor * gradient[from + i];
    }
  }

  /** Each component's gradient goes to the first token that has the highest value. */
  private void addToHighest(float[] gradient, int from, int first, int end, float[] result) {
    for (int i = 0; i < size; i++) {
      int highest = first;
      for (int row = first + 1; row < end; row++) {
        if (hidden[row * size + i] > hidden[highest * size + i]) {
          highest = row;
        }
      }
      result[highest * size + i] += gradient[from + i];
    }
  }
}
