package dev.kumiko.train.part;

import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.train.parameter.Parameter;
import java.util.Optional;

/** LayerNorm of rows (Ba et al., arXiv 1607.06450, section 3). */
final class Norm {
  private final Compute compute;
  private final Parameter gain;
  private final Optional<Parameter> bias;
  private final LayerNorm norm;

  /** A LayerNorm that sees its parameters' values as they change. */
  Norm(Compute compute, Parameter gain, Optional<Parameter> bias, double epsilon) {
    this.compute = compute;
    this.gain = gain;
    this.bias = bias;
    int size = gain.columns();
    this.norm =
        new LayerNorm(
            gain.values(),
            bias.map(Parameter::values).orElseGet(() -> new float[size]),
            (float) epsilon);
  }

  /** Normalises {@code x} {@code [rows][size]}, which is kept. */
  Result forward(float[] x, int rows) {
    int size = norm.size();
    float[] y = compute.pool().copy(x, rows * size);
    compute
        .threads()
        .forRows(
            rows,
            (first, count, scratch) ->
                compute.kernels().addAndNormalize(y, null, first * size, count, norm));
    return new Result() {
      @Override
      public float[] output() {
        return y;
      }

      @Override
      public float[] backward(float[] gradient) {
        float[] dx = Norm.this.backward(x, gradient, rows);
        release();
        return dx;
      }

      @Override
      public void release() {
        compute.pool().give(y);
      }
    };
  }

  private float[] backward(float[] x, float[] gradient, int rows) {
    int size = norm.size();
    float[] dx = compute.pool().copy(gradient, rows * size);
    float[] gains = compute.pool().take(rows * size);
    compute
        .threads()
        .forRows(
            rows,
            (first, count, scratch) ->
                compute.gradients().normalize(x, dx, gains, first * size, count, norm));
    Rows.addSum(compute.threads(), gains, rows, size, gain.gradient());
    compute.pool().give(gains);
    bias.ifPresent(b -> Rows.addSum(compute.threads(), gradient, rows, size, b.gradient()));
    return dx;
  }
}
