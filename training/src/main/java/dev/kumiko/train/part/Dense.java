package dev.kumiko.train.part;

import dev.kumiko.encode.HeadSteps;
import dev.kumiko.format.HeadActivation;

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
    float[] y = u.clone();
    HeadSteps.activate(compute.kernels(), activation, y);
    return new Result() {
      @Override
      public float[] output() {
        return y;
      }

      @Override
      public float[] backward(float[] gradient) {
        float[] du = gradient.clone();
        HeadActivationGradient.multiply(compute.gradients(), activation, u, du);
        return map.backward(x, du, rows);
      }
    };
  }
}
