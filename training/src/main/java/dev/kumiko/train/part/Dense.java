package dev.kumiko.train.part;

import dev.kumiko.encode.HeadSteps;
import dev.kumiko.format.HeadActivation;
import java.util.Arrays;

/** {@code activation(x W' + b)} on pooled vectors; a classifier is one of these as well. */
final class Dense implements HeadPart {
  private final Compute compute;
  private final LinearMap map;
  private final HeadActivation activation;

  Dense(Compute compute, LinearMap map, HeadActivation activation) {
    this.compute = compute;
    this.map = map;
    this.activation = activation;
  }

  @Override
  public void refresh() {
    map.refresh();
  }

  @Override
  public Result forward(float[] x, int rows) {
    float[] u = map.apply(x, rows);
    float[] y = Arrays.copyOf(u, rows * map.outputs());
    HeadSteps.activate(compute.kernels(), activation, y);
    return new Result() {
      @Override
      public float[] output() {
        return y;
      }

      @Override
      public float[] backward(float[] gradient) {
        float[] du = Arrays.copyOf(gradient, y.length);
        HeadActivationGradient.multiply(compute.gradients(), activation, u, du);
        float[] dx = map.backward(x, du, rows);
        release();
        return dx;
      }

      @Override
      public void release() {
        compute.pool().give(u);
      }
    };
  }
}
