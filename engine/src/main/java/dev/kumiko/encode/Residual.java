package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import java.util.Optional;

/** How a block's result joins the hidden rows, and where the LayerNorm stands. */
sealed interface Residual {
  /** Reads the LayerNorm of a block. */
  static Residual of(Architecture a, Weights weights, String norm, boolean isFirst)
      throws ModelFormatException {
    if (a.layout().norm() == NormPlace.AFTER) {
      return new Post(weights.kernels(), weights.norm(norm, a.hiddenSize()));
    }
    Optional<LayerNorm> before =
        isFirst ? Optional.empty() : Optional.of(weights.norm(norm, a.hiddenSize()));
    return new Pre(weights.kernels(), before);
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

  /** {@code x = x + block(LayerNorm(x))}, or without the LayerNorm. */
  record Pre(Kernels kernels, Optional<LayerNorm> norm) implements Residual {
    @Override
    public void prepare(RowShare share, Workspace w) {
      if (norm.isEmpty()) {
        return;
      }
      int size = norm.get().size();
      int from = share.first() * size;
      System.arraycopy(w.hidden(), from, w.normalized(), from, share.rows() * size);
      kernels.addAndNormalize(w.normalized(), null, from, share.rows(), norm.get());
    }

    @Override
    public float[] input(Workspace w) {
      return norm.isEmpty() ? w.hidden() : w.normalized();
    }

    @Override
    public void join(RowShare share, Workspace w) {
      float[] hidden = w.hidden();
      float[] projected = w.projected();
      int size = w.hiddenSize();
      for (int i = share.first() * size; i < share.end() * size; i++) {
        hidden[i] += projected[i];
      }
    }
  }
}
