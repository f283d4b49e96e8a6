package dev.kumiko.encode;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout.LinearMap;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.model.ModelFormatException;
import java.util.Optional;
import java.util.function.Function;

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
    this.up = wide(weights, inner, TensorNames.feedForwardUp(layer));
    this.gate =
        a.layout().gated()
            ? Optional.of(wide(weights, inner, TensorNames.feedForwardGate(layer)))
            : Optional.empty();
    this.down =
        weights.linear(
            LinearMap.FEED_FORWARD_OUTPUT, hiddenSize, inner, TensorNames.feedForwardDown(layer));
  }

  private Linear wide(Weights weights, int inner, String part) throws ModelFormatException {
    return weights.linear(LinearMap.FEED_FORWARD_INPUT, inner, hiddenSize, part);
  }

  /**
   * Writes the block's result to {@code w.projected()}.
   *
   * @param input what it is computed from, {@code [rows][hidden]}
   */
  void addTo(Steps steps, Function<Workspace, float[]> input) {
    if (steps.byOutputs()) {
      steps.outputs((share, w) -> applyUp(input.apply(w), share, w));
      steps.product(down, Workspace::inner, Workspace::projected);
    } else {
      steps.rows((share, w) -> apply(input.apply(w), share, w));
    }
  }

  /** Computes a share's rows, a block at a time. */
  private void apply(float[] input, RowShare share, Workspace w) {
    float[] inner = share.inner();
    for (int row = share.first(); row < share.end(); row += RowShare.FEED_FORWARD_ROWS) {
      int count = Math.min(RowShare.FEED_FORWARD_ROWS, share.end() - row);
      up.apply(input, row * hiddenSize, count, inner, 0, share.scratch());
      kernels.activate(activation, inner, 0, count * up.outputs());
      if (gate.isPresent()) {
        gate.get().apply(input, row * hiddenSize, count, share.gates(), 0, share.scratch());
        multiply(inner, share.gates(), 0, count * up.outputs());
      }
      down.apply(inner, 0, count, w.projected(), row * hiddenSize, share.scratch());
    }
  }

  /** Computes a share's wide outputs, of all rows. */
  private void applyUp(float[] input, RowShare share, Workspace w) {
    int rows = w.texts().rows();
    int first = share.firstOutput(up);
    int end = share.endOutput(up);
    up.apply(input, 0, rows, first, end, w.inner(), 0, share.scratch());
    if (gate.isPresent()) {
      gate.get().apply(input, 0, rows, first, end, w.gates(), 0, share.scratch());
    }
    for (int row = 0; row < rows; row++) {
      int from = row * up.outputs() + first;
      kernels.activate(activation, w.inner(), from, end - first);
      if (gate.isPresent()) {
        multiply(w.inner(), w.gates(), from, end - first);
      }
    }
  }

  private static void multiply(float[] x, float[] factors, int from, int count) {
    for (int i = from; i < from + count; i++) {
      x[i] *= factors[i];
    }
  }
}
