package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Layout.NormPlace;
import java.util.Optional;

/**
 * A block with the connection around it: {@code LayerNorm(x + block(x))}, or {@code x +
 * block(LayerNorm(x))}, or {@code x + block(x)}.
 */
final class Residual {
  private final Compute compute;
  private final int hiddenSize;
  private final Block block;
  private final Optional<Norm> before;
  private final Optional<Norm> after;

  /**
   * Leads around a block.
   *
   * @param norm empty for {@code x + block(x)}
   */
  Residual(Compute compute, int hiddenSize, Block block, NormPlace place, Optional<Norm> norm) {
    this.compute = compute;
    this.hiddenSize = hiddenSize;
    this.block = block;
    this.before = place == NormPlace.BEFORE ? norm : Optional.empty();
    this.after = place == NormPlace.AFTER ? norm : Optional.empty();
  }

  void refresh() {
    block.refresh();
  }

  /** Computes {@code [rows][hidden]} from {@code x} of the same shape, which is kept. */
  Result forward(PackedTexts texts, float[] x) {
    int rows = texts.rows();
    Optional<Result> normalized = before.map(norm -> norm.forward(x, rows));
    Result inner = block.forward(texts, normalized.map(Result::output).orElse(x));
    float[] sum = inner.output();
    Rows.add(compute.threads(), x, sum, rows, hiddenSize);
    Optional<Result> joined = after.map(norm -> norm.forward(sum, rows));
    float[] output = joined.map(Result::output).orElse(sum);
    return new Result() {
      @Override
      public float[] output() {
        return output;
      }

      @Override
      public float[] backward(float[] gradient) {
        float[] around = joined.isPresent() ? joined.get().backward(gradient) : gradient;
        float[] through = inner.backward(around);
        float[] dx = normalized.isPresent() ? normalized.get().backward(through) : through;
        Rows.add(compute.threads(), around, dx, rows, hiddenSize);
        if (joined.isPresent()) {
          compute.pool().give(around);
        }
        if (normalized.isPresent()) {
          compute.pool().give(through);
        }
        return dx;
      }

      @Override
      public void release() {
        joined.ifPresent(Result::release);
        inner.release();
        normalized.ifPresent(Result::release);
      }
    };
  }
}
