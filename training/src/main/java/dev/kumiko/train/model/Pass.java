package dev.kumiko.train.model;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.train.part.FloatPool;
import dev.kumiko.train.part.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a forward pass computed, and what its backward pass needs. The model must not be refreshed
 * in between. After the backward pass nothing of it can be asked for. For one thread.
 */
public final class Pass {
  private final FloatPool pool;
  private final PackedTexts texts;
  private final int hiddenSize;

  /** The embeddings, then each layer. */
  private final List<Result> steps;

  private final Optional<Result> finish;
  private final Optional<Result> head;
  private final int lowest;
  private boolean spent;

  /**
   * Puts the results together.
   *
   * @param steps the embeddings, then each layer that was computed
   * @param finish the LayerNorm behind the last layer
   * @param head empty if only token vectors were wanted
   * @param lowest the first step with something that learns: the way back ends there
   */
  Pass(
      FloatPool pool,
      PackedTexts texts,
      int hiddenSize,
      List<Result> steps,
      Optional<Result> finish,
      Optional<Result> head,
      int lowest) {
    this.pool = pool;
    this.texts = texts;
    this.hiddenSize = hiddenSize;
    this.steps = new ArrayList<>(steps);
    this.finish = finish;
    this.head = head;
    this.lowest = lowest;
  }

  /** Returns the texts, in the order of the vectors. */
  public PackedTexts texts() {
    return texts;
  }

  /**
   * Returns the vectors of the texts as an embedder gives them, or a classifier's raw scores:
   * {@code [texts][dimension]}, not to be changed.
   *
   * @throws IllegalStateException if the pass ended before, or has gone back already
   */
  public float[] vectors() {
    requireUnspent();
    return head.orElseThrow(
            () -> new IllegalStateException("the pass ended after layer " + layers()))
        .output();
  }

  /** Returns the number of layers that were computed. */
  public int layers() {
    return steps.size() - 1;
  }

  /**
   * Returns a copy of token vectors on their way, {@code [rows][hidden]}.
   *
   * @param layer 0 for the embeddings, n for the result of the n-th layer; the last one's has gone
   *     through the LayerNorm that some models have behind it
   * @throws IllegalStateException if the pass has gone back already
   */
  public float[] hidden(int layer) {
    requireUnspent();
    Result result = layer == layers() ? finish.orElse(steps.get(layer)) : steps.get(layer);
    return Arrays.copyOf(result.output(), texts.rows() * hiddenSize);
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
    int last = layers();
    float[] g = null;
    if (gradients.vectors().isPresent()) {
      g = head.orElseThrow().backward(gradients.vectors().get());
    } else {
      head.ifPresent(Result::release);
    }
    for (int layer = last; layer >= 0; layer--) {
      if (layer < lowest && g != null) {
        pool.give(g);
        g = null;
      }
      if (layer >= lowest) {
        g = plus(g, gradients.hidden().get(layer));
      }
      if (layer == last && finish.isPresent()) {
        g = back(finish.get(), g);
      }
      g = back(steps.removeLast(), g);
    }
    if (g != null) {
      pool.give(g);
    }
  }

  /** Goes back through a step, unless there is no gradient yet. */
  private float[] back(Result step, float[] g) {
    if (g == null) {
      step.release();
      return null;
    }
    float[] before = step.backward(g);
    pool.give(g);
    return before;
  }

  /** Adds a caller's gradient, which stays as it is. */
  private float[] plus(float[] g, float[] other) {
    if (other == null) {
      return g;
    }
    if (g == null) {
      return pool.copy(other, other.length);
    }
    for (int i = 0; i < other.length; i++) {
      g[i] += other[i];
    }
    return g;
  }

  private void requireUnspent() {
    if (spent) {
      throw new IllegalStateException("the pass has gone back already");
    }
  }

  private void check(OutputGradients gradients) {
    requireUnspent();
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
