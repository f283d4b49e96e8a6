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

  /** Returns what the block takes, {@code [rows][hidden]}. */
  float[] input(Workspace w, int rows);

  /** Joins the block's result, {@code w.projected()}, with {@code w.hidden()}. */
  void join(Workspace w, int rows);

  /** {@code x = LayerNorm(x + block(x))}. */
  record Post(Kernels kernels, LayerNorm norm) implements Residual {
    @Override
    public float[] input(Workspace w, int rows) {
      return w.hidden();
    }

    @Override
    public void join(Workspace w, int rows) {
      kernels.addAndNormalize(w.hidden(), w.projected(), 0, rows, norm);
    }
  }

  /** {@code x = x + block(LayerNorm(x))}, or without the LayerNorm. */
  record Pre(Kernels kernels, Optional<LayerNorm> norm) implements Residual {
    @Override
    public float[] input(Workspace w, int rows) {
      if (norm.isEmpty()) {
        return w.hidden();
      }
      System.arraycopy(w.hidden(), 0, w.normalized(), 0, rows * norm.get().size());
      kernels.addAndNormalize(w.normalized(), null, 0, rows, norm.get());
      return w.normalized();
    }

    @Override
    public void join(Workspace w, int rows) {
      float[] hidden = w.hidden();
      float[] projected = w.projected();
      for (int i = 0; i < rows * w.hiddenSize(); i++) {
        hidden[i] += projected[i];
      }
    }
  }
}
