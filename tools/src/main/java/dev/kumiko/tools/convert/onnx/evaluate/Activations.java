package dev.kumiko.tools.convert.onnx.evaluate;

import dev.kumiko.format.Activation;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;

/** The activations of feed-forward blocks in double precision. */
public final class Activations {
  private Activations() {}

  /** Returns what an activation does to a number. */
  public static DoubleUnaryOperator function(Activation activation) {
    return switch (activation) {
      case GELU -> Activations::gelu;
      case GELU_TANH -> Activations::geluTanh;
      case RELU -> x -> Math.max(x, 0);
      case SILU -> x -> x / (1 + Math.exp(-x));
    };
  }

  /** GELU with the error function. */
  static double gelu(double x) {
    return x / 2 * (1 + Erf.erf(x / Math.sqrt(2)));
  }

  /** GELU in its approximation with tanh. */
  static double geluTanh(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }
}
