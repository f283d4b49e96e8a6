package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.model.ModelFormatException;
import java.util.Optional;

/** How a block's result joins the hidden rows, and where the LayerNorm stands. */
sealed interface Residual {
  /** Reads the norms of a layer's attention. */
  static Residual aroundAttention(Architecture a, Weights weights, int layer)
      throws ModelFormatException {
    return a.layout().norm().isInAttention(layer)
        ? of(a, weights, TensorNames.attentionNorm(layer), TensorNames.attentionOutputNorm(layer))
        : new Pre(weights.kernels(), Optional.empty(), Optional.empty());
  }

  /** Reads the norms of a layer's feed-forward block. */
  static Residual aroundFeedForward(Architecture a, Weights weights, int layer)
      throws ModelFormatException {
    return of(
        a, weights, TensorNames.feedForwardNorm(layer), TensorNames.feedForwardOutputNorm(layer));
  }

  private static Residual of(Architecture a, Weights weights, String name, String behind)
      throws ModelFormatException {
    LayerNorm norm = weights.norm(name, a.hiddenSize());
    if (a.layout().norm() == NormPlace.AFTER) {
      return new Post(weights.kernels(), norm);
    }
    Optional<LayerNorm> second =
        a.layout().norm() == NormPlace.AROUND
            ? Optional.of(weights.norm(behind, a.hiddenSize()))
            : Optional.empty();
    return new Pre(weights.kernels(), Optional.of(norm), second);
  }

  /** Makes the block's input for the rows of a share. */
  void prepare(RowShare share, Workspace w);

  /** Returns what the block takes, {@code [rows][hidden]}. */
  float[] input(Workspace w);

  /** Joins the block's result, {@code w.projected()}, with {@code w.hidden()}, for a share. */
  void join(RowShare share, Workspace w);

  /** {@code x = LayerNorm(x + block(x))}. */
  record Post(Kernels kernels, LayerNorm norm) implements Residual {
    @Override
    public void prepare(RowShare share, Workspace w) {}

    @Override
    public float[] input(Workspace w) {
      return w.hidden();
    }

    @Override
    public void join(RowShare share, Workspace w) {
      int from = share.first() * norm.size();
      kernels.addAndNormalize(w.hidden(), w.projected(), from, share.rows(), norm);
    }
  }

  /**
   * {@code x = x + behind(block(norm(x)))}, or without one of the norms. The normalised rows lie
   * where the block's result will: each row is read before its result is written.
   */
  record Pre(Kernels kernels, Optional<LayerNorm> norm, Optional<LayerNorm> behind)
      implements Residual {
    @Override
    public void prepare(RowShare share, Workspace w) {
      if (norm.isEmpty()) {
        return;
      }
      int size = norm.get().size();
      int from = share.first() * size;
      System.arraycopy(w.hidden(), from, w.projected(), from, share.rows() * size);
      kernels.addAndNormalize(w.projected(), null, from, share.rows(), norm.get());
    }

    @Override
    public float[] input(Workspace w) {
      return norm.isEmpty() ? w.hidden() : w.projected();
    }

    @Override
    public void join(RowShare share, Workspace w) {
      float[] hidden = w.hidden();
      float[] projected = w.projected();
      int size = w.hiddenSize();
      if (behind.isPresent()) {
        int from = share.first() * size;
        kernels.addAndNormalize(projected, null, from, share.rows(), behind.get());
      }
      for (int i = share.first() * size; i < share.end() * size; i++) {
        hidden[i] += projected[i];
      }
    }
  }
}
