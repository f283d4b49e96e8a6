package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Activation;
import java.util.Optional;

/**
 * {@code down(activation(up(x)))}, or gated {@code down(activation(up(x)) * gate(x))} (Shazeer,
 * arXiv 2002.05202, section 2). Keeps what stands before the activation and computes the rest
 * again.
 */
final class FeedForward implements Block {
  private final Compute compute;
  private final Activation activation;
  private final LinearMap up;
  private final Optional<LinearMap> gate;
  private final LinearMap down;

  FeedForward(
      Compute compute,
      Activation activation,
      LinearMap up,
      Optional<LinearMap> gate,
      LinearMap down) {
    this.compute = compute;
    this.activation = activation;
    this.up = up;
    this.gate = gate;
    this.down = down;
  }

  @Override
  public void refresh() {
    up.refresh();
    gate.ifPresent(LinearMap::refresh);
    down.refresh();
  }

  @Override
  public Result forward(PackedTexts texts, float[] x) {
    int rows = texts.rows();
    float[] u = up.apply(x, rows);
    Optional<float[]> factors = gate.map(map -> map.apply(x, rows));
    float[] inner = activated(u, rows);
    factors.ifPresent(f -> multiply(inner, f, rows));
    float[] output = down.apply(inner, rows);
    compute.pool().give(inner);
    return new Result() {
      @Override
      public float[] output() {
        return output;
      }

      @Override
      public float[] backward(float[] gradient) {
        float[] dx =
            factors.isPresent()
                ? FeedForward.this.backward(x, u, factors.get(), gradient, rows)
                : FeedForward.this.backward(x, u, gradient, rows);
        release();
        return dx;
      }

      @Override
      public void release() {
        compute.pool().give(u);
        factors.ifPresent(compute.pool()::give);
        compute.pool().give(output);
      }
    };
  }

  private float[] backward(float[] x, float[] u, float[] gradient, int rows) {
    float[] inner = activated(u, rows);
    float[] du = down.backward(inner, gradient, rows);
    compute.pool().give(inner);
    activateBackward(u, du, rows);
    float[] dx = up.backward(x, du, rows);
    compute.pool().give(du);
    return dx;
  }

  private float[] backward(float[] x, float[] u, float[] factors, float[] gradient, int rows) {
    FloatPool pool = compute.pool();
    float[] activated = activated(u, rows);
    float[] inner = pool.copy(activated, rows * up.outputs());
    multiply(inner, factors, rows);
    float[] du = down.backward(inner, gradient, rows);
    pool.give(inner);
    multiply(activated, du, rows); // the gradient of the factors
    multiply(du, factors, rows);
    activateBackward(u, du, rows);
    float[] dx = up.backward(x, du, rows);
    pool.give(du);
    float[] other = gate.orElseThrow().backward(x, activated, rows);
    pool.give(activated);
    Rows.add(compute.threads(), other, dx, rows, up.inputs());
    pool.give(other);
    return dx;
  }

  private float[] activated(float[] u, int rows) {
    int size = up.outputs();
    float[] y = compute.pool().copy(u, rows * size);
    compute
        .threads()
        .forRows(
            rows,
            (first, count, scratch) ->
                compute.kernels().activate(activation, y, first * size, count * size));
    return y;
  }

  private void activateBackward(float[] u, float[] gradient, int rows) {
    int size = up.outputs();
    compute
        .threads()
        .forRows(
            rows,
            (first, count, scratch) ->
                compute.gradients().activate(activation, u, gradient, first * size, count * size));
  }

  private void multiply(float[] x, float[] factors, int rows) {
    int size = up.outputs();
    compute
        .threads()
        .forRows(
            rows,
            (first, count, scratch) -> {
              for (int i = first * size; i < (first + count) * size; i++) {
                x[i] *= factors[i];
              }
            });
  }
}
