package dev.kumiko.train.part;

import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.train.parameter.Parameter;
import java.util.Optional;

/** LayerNorm of rows (Ba et al., arXiv 1607.06450, section 3), or RMSNorm (arXiv 1910.07467). */
final class Norm {
  private final Compute compute;
  private final Parameter gain;
  private final Optional<Parameter> bias;
  private final NormKind kind;
  private final LayerNorm norm;

  /** A norm that sees its parameters' values as they change, some of them by {@link #refresh}. */
  Norm(Compute compute, NormKind kind, Parameter gain, Optional<Parameter> bias, double epsilon) {
    this.compute = compute;
    this.kind = kind;
    this.gain = gain;
    this.bias = bias;
    int size = gain.columns();
    this.norm =
        new LayerNorm(
            kind == NormKind.RMS_NORM_FROM_ONE ? new float[size] : gain.values(),
            bias.map(Parameter::values).orElseGet(() -> new float[size]),
            (float) epsilon,
            kind == NormKind.LAYER_NORM);
    refresh();
  }

  /** Takes over a gain that has changed. */
  void refresh() {
    if (kind == NormKind.RMS_NORM_FROM_ONE) {
      for (int i = 0; i < norm.size(); i++) {
        norm.gain()[i] = 1 + gain.values()[i];
      }
    }
  }

  /** Normalises in place some consecutive vectors from {@code offset} on. */
  void apply(float[] x, int offset, int vectors) {
    compute.kernels().addAndNormalize(x, null, offset, vectors, norm);
  }

  /**
   * Goes back in place through {@link #apply}.
   *
   * @param x what was normalised
   * @param gradient overwritten
   * @param gains gets what the gain's gradient is the sum of, vector by vector
   */
  void backward(float[] x, float[] gradient, float[] gains, int offset, int vectors) {
    compute.gradients().normalize(x, gradient, gains, offset, vectors, norm);
  }

  /** Returns what learns. */
  Parameter gain() {
    return gain;
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
