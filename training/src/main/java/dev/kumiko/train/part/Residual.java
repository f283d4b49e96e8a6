package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import java.util.Optional;

/**
 * A block with the connection around it: {@code norm(x + block(x))}, or {@code x + block(norm(x))},
 * {@code x + block(x)}, {@code x + norm(block(norm(x)))}.
 */
final class Residual {
  private final Compute compute;
  private final int hiddenSize;
  private final Block block;
  private final Optional<Norm> before;
  private final Optional<Norm> behind;
  private final Optional<Norm> after;

  private Residual(
      Compute compute,
      int hiddenSize,
      Block block,
      Optional<Norm> before,
      Optional<Norm> behind,
      Optional<Norm> after) {
    this.compute = compute;
    this.hiddenSize = hiddenSize;
    this.block = block;
    this.before = before;
    this.behind = behind;
    this.after = after;
  }

  /** {@code norm(x + block(x))}. */
  static Residual post(Compute compute, int hiddenSize, Block block, Norm norm) {
    return new Residual(
        compute, hiddenSize, block, Optional.empty(), Optional.empty(), Optional.of(norm));
  }

  /** {@code x + behind(block(before(x)))}, or without one of the norms. */
  static Residual pre(
      Compute compute, int hiddenSize, Block block, Optional<Norm> before, Optional<Norm> behind) {
    return new Residual(compute, hiddenSize, block, before, behind, Optional.empty());
  }

  void refresh() {
    block.refresh();
    before.ifPresent(Norm::refresh);
    behind.ifPresent(Norm::refresh);
    after.ifPresent(Norm::refresh);
  }

  /** Computes {@code [rows][hidden]} from {@code x} of the same shape, which is kept. */
  Result forward(PackedTexts texts, float[] x) {
    int rows = texts.rows();
    Optional<Result> normalized = before.map(norm -> norm.forward(x, rows));
    Result inner = block.forward(texts, normalized.map(Result::output).orElse(x));
    Optional<Result> normalizedBehind = behind.map(norm -> norm.forward(inner.output(), rows));
    float[] sum = normalizedBehind.orElse(inner).output();
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
        float[] joining =
            normalizedBehind.isPresent() ? normalizedBehind.get().backward(around) : around;
        float[] through = inner.backward(joining);
        if (normalizedBehind.isPresent()) {
          compute.pool().give(joining);
        }
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
        normalizedBehind.ifPresent(Result::release);
        inner.release();
        normalized.ifPresent(Result::release);
      }
    };
  }
}
