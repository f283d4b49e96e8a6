package dev.kumiko.encode;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Linear;

/** {@code LayerNorm(x + down(activation(up(x))))}, a block of rows at a time. */
final class FeedForward {
  private final Kernels kernels;
  private final int hiddenSize;
  private final Activation activation;
  private final Linear up;
  private final Linear down;
  private final LayerNorm norm;

  FeedForward(Architecture a, Weights weights, int layer) throws ModelFormatException {
    this.kernels = weights.kernels();
    this.hiddenSize = a.hiddenSize();
    this.activation = a.activation();
    this.up = weights.linear(a.intermediateSize(), hiddenSize, TensorNames.feedForwardUp(layer));
    this.down =
        weights.linear(hiddenSize, a.intermediateSize(), TensorNames.feedForwardDown(layer));
    this.norm = weights.norm(TensorNames.feedForwardNorm(layer), hiddenSize);
  }

  void apply(PackedTexts texts, Workspace w) {
    int rows = texts.rows();
    float[] inner = w.inner();
    for (int row = 0; row < rows; row += Workspace.FEED_FORWARD_ROWS) {
      int count = Math.min(Workspace.FEED_FORWARD_ROWS, rows - row);
      up.apply(w.hidden(), row * hiddenSize, count, inner, 0, w.scratch());
      kernels.activate(activation, inner, 0, count * up.outputs());
      down.apply(inner, 0, count, w.projected(), row * hiddenSize, w.scratch());
    }
    kernels.addAndNormalize(w.hidden(), w.projected(), 0, rows, norm);
  }
}
