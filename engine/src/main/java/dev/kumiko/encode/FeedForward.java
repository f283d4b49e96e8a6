package dev.kumiko.encode;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import java.util.Optional;

/**
 * {@code down(activation(up(x)))}, or gated {@code down(activation(up(x)) * gate(x))} (Shazeer,
 * arXiv 2002.05202), a block of rows at a time.
 */
final class FeedForward {
  private final Kernels kernels;
  private final int hiddenSize;
  private final Activation activation;
  private final Linear up;
  private final Optional<Linear> gate;
  private final Linear down;

  FeedForward(Architecture a, Weights weights, int layer) throws ModelFormatException {
    int inner = a.intermediateSize();
    this.kernels = weights.kernels();
    this.hiddenSize = a.hiddenSize();
    this.activation = a.activation();
    this.up = weights.linear(inner, hiddenSize, TensorNames.feedForwardUp(layer));
    this.gate =
        a.layout().gated()
            ? Optional.of(weights.linear(inner, hiddenSize, TensorNames.feedForwardGate(layer)))
            : Optional.empty();
    this.down = weights.linear(hiddenSize, inner, TensorNames.feedForwardDown(layer));
  }

  /** Writes the block's result for {@code input} {@code [rows][hidden]} to {@code projected}. */
  void apply(RowShare share, float[] input, Workspace w) {
    float[] inner = share.inner();
    for (int row = share.first(); row < share.end(); row += RowShare.FEED_FORWARD_ROWS) {
      int count = Math.min(RowShare.FEED_FORWARD_ROWS, share.end() - row);
      up.apply(input, row * hiddenSize, count, inner, 0, share.scratch());
      kernels.activate(activation, inner, 0, count * up.outputs());
      if (gate.isPresent()) {
        gate.get().apply(input, row * hiddenSize, count, share.gates(), 0, share.scratch());
        multiply(inner, share.gates(), count * up.outputs());
      }
      down.apply(inner, 0, count, w.projected(), row * hiddenSize, share.scratch());
    }
  }

  private static void multiply(float[] x, float[] factors, int count) {
    for (int i = 0; i < count; i++) {
      x[i] *= factors[i];
    }
  }
}
