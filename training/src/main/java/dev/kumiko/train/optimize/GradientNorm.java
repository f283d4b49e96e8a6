package dev.kumiko.train.optimize;

import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.util.List;

/**
 * The length of all gradients together, and clipping by it:
 *
 * <pre>
 * norm   = sqrt(sum over all parameters of g^2)
 * factor = min(1, largest / (norm + 1e-6))
 * </pre>
 *
 * Summed in double precision, chunk by chunk and then the chunks in their order, so that the number
 * of threads does not matter. For one thread at a time.
 *
 * <p>Source: Pascanu et al., arXiv 1211.5063, section 3.2; the 1e-6 is PyTorch's.
 */
@SuppressWarnings("exports") // Threads are brought by Kumiko alone.
public final class GradientNorm {
  private static final int CHUNK = 1 << 14;

  private final List<Parameter> parameters;
  private final Chunks chunks;
  private final double[] squares;

  /**
   * Measures some parameters' gradients.
   *
   * @param parameters of which the gradients are
   */
  public GradientNorm(List<Parameter> parameters) {
    this.parameters = List.copyOf(parameters);
    this.chunks = new Chunks(parameters, CHUNK);
    this.squares = new double[chunks.count()];
  }

  /**
   * {@return the length; not a finite number if a component is none}
   *
   * @param threads share the work
   */
  public double measure(Threads threads) {
    threads.forEach(
        chunks.count(),
        (chunk, scratch) -> {
          Parameter parameter = parameters.get(chunks.parameter(chunk));
          squares[chunk] = squares(parameter, chunks.from(chunk), chunks.to(chunk));
        });
    double sum = 0;
    for (double square : squares) {
      sum += square;
    }
    return Math.sqrt(sum);
  }

  private static double squares(Parameter parameter, int from, int to) {
    float[] gradient = parameter.readGradient();
    if (parameter.kind() != Kind.TABLE) {
      return squares(gradient, from, to);
    }
    double sum = 0;
    int columns = parameter.columns();
    for (int start = from; start < to; start += columns) {
      if (parameter.hasGradient(start / columns)) {
        sum += squares(gradient, start, start + columns);
      }
    }
    return sum;
  }

  /** Four sums, so that one addition need not wait for the other. */
  private static double squares(float[] gradient, int from, int to) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      double g0 = gradient[i];
      double g1 = gradient[i + 1];
      double g2 = gradient[i + 2];
      double g3 = gradient[i + 3];
      sum0 += g0 * g0;
      sum1 += g1 * g1;
      sum2 += g2 * g2;
      sum3 += g3 * g3;
    }
    for (; i < to; i++) {
      double g = gradient[i];
      sum0 += g * g;
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /**
   * {@return what gradients of this length are multiplied by}
   *
   * @param norm their length
   * @param largest how long they may be; 0 for any length
   */
  public static double factor(double norm, double largest) {
    return largest == 0 ? 1 : Math.min(1, largest / (norm + 1e-6));
  }
}
