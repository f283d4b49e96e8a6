package dev.kumiko.train.model;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.train.part.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a forward pass computed, and what its backward pass needs. The model must not be refreshed
 * in between. For one thread.
 */
public final class Pass {
  private final PackedTexts texts;
  private final int hiddenSize;

  /** The embeddings, then each layer. */
  private final List<Result> steps;

  private final Optional<Result> finish;
  private final Optional<Result> head;
  private boolean spent;

  /**
   * Puts the results together.
   *
   * @param steps the embeddings, then each layer that was computed
   * @param finish the LayerNorm behind the last layer
   * @param head empty if only token vectors were wanted
   */
  Pass(
      PackedTexts texts,
      int hiddenSize,
      List<Result> steps,
      Optional<Result> finish,
      Optional<Result> head) {
    this.texts = texts;
    this.hiddenSize = hiddenSize;
    this.steps = new ArrayList<>(steps);
    this.finish = finish;
    this.head = head;
  }

  /** Returns the texts, in the order of the vectors. */
  public PackedTexts texts() {
    return texts;
  }

  /**
   * Returns the vectors of the texts as an embedder gives them, or a classifier's raw scores:
   * {@code [texts][dimension]}, not to be changed.
   *
   * @throws IllegalStateException if the pass ended before
   */
  public float[] vectors() {
    return head.orElseThrow(
            () -> new IllegalStateException("the pass ended after layer " + layers()))
        .output();
  }

  /** Returns the number of layers that were computed. */
  public int layers() {
    return steps.size() - 1;
  }

  /**
   * Returns token vectors on their way, {@code [rows][hidden]}, not to be changed.
   *
   * @param layer 0 for the embeddings, n for the result of the n-th layer; the last one's has gone
   *     through the LayerNorm that some models have behind it
   */
  public float[] hidden(int layer) {
    return layer == layers() && finish.isPresent()
        ? finish.get().output()
        : steps.get(layer).output();
  }

  /**
   * Adds the gradients of all parameters to what they have. A pass can go back once.
   *
   * @throws IllegalArgumentException if a gradient has not the size of what it belongs to, or
   *     belongs to a layer that was not computed
   * @throws IllegalStateException if it has gone back already
   */
  public void backward(OutputGradients gradients) {
    check(gradients);
    spent = true;
    float[] g = null;
    if (gradients.vectors().isPresent()) {
      g = head.orElseThrow().backward(gradients.vectors().get());
    }
    int last = layers();
    for (int layer = last; layer >= 0; layer--) {
      float[] other = gradients.hidden().get(layer);
      if (other != null) {
        g = g == null ? other : sum(g, other);
      }
      if (g != null && layer == last && finish.isPresent()) {
        g = finish.get().backward(g);
      }
      Result step = steps.removeLast(); // what it keeps is not needed any more
      if (g != null) {
        g = step.backward(g);
      }
    }
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  private void check(OutputGradients gradients) {
    if (spent) {
      throw new IllegalStateException("the pass has gone back already");
    }
    gradients.vectors().ifPresent(g -> checkSize("the vectors", g.length, vectors().length));
    gradients
        .hidden()
        .forEach(
            (layer, g) -> {
              if (layer < 0 || layer > layers()) {
                throw new IllegalArgumentException(
                    "a gradient belongs to layer %d, but the pass has layers 0 to %d"
                        .formatted(layer, layers()));
              }
              checkSize("layer " + layer, g.length, texts.rows() * hiddenSize);
            });
  }

  private static void checkSize(String what, int found, int expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "the gradient of %s has %,d values, but there are %,d".formatted(what, found, expected));
    }
  }
}
