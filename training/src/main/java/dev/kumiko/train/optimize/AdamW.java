package dev.kumiko.train.optimize;

import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay:
 *
 * <pre>
 * m = b1 m + (1 - b1) g
 * v = b2 v + (1 - b2) g^2
 * p = p - rate decay p
 * p = p - rate / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + epsilon)
 * </pre>
 *
 * in single precision, in PyTorch's order of operations. A table's row that no text has had yet
 * only decays, which is what these formulas give. Biases and gains of norms do not decay. The
 * result does not depend on the number of threads. For one thread at a time.
 *
 * <p>Source: Loshchilov and Hutter, arXiv 1711.05101, algorithm 2.
 */
@SuppressWarnings("exports") // Threads are brought by Kumiko alone.
public final class AdamW {
  /** What one thread updates at a time: parameters, gradient and moments fit into a cache. */
  private static final int CHUNK = 1 << 14;

  private final Settings settings;
  private final Rates rates;
  private final List<Moments> moments;
  private final Chunks chunks;
  private long steps;

  /**
   * What is usually left as it is.
   *
   * @param beta1 how much of the mean gradient stays; 0.9
   * @param beta2 how much of the mean square stays; 0.999
   * @param epsilon what keeps the quotient finite; 1e-8
   * @param weightDecay the share of a weight that decays at a rate of 1; 0
   */
  public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
    /** Checks all. */
    public Settings {
      check("beta1", beta1, beta1 >= 0 && beta1 < 1, "from 0 to below 1");
      check("beta2", beta2, beta2 >= 0 && beta2 < 1, "from 0 to below 1");
      check("epsilon", epsilon, epsilon > 0 && epsilon <= 1, "above 0, 1 at most");
      check("weight decay", weightDecay, weightDecay >= 0 && weightDecay <= 1, "from 0 to 1");
    }

    /**
     * {@return PyTorch's and transformers' defaults, with a weight decay}
     *
     * @param weightDecay how much of a weight a rate of 1 would take away in a step
     */
    public static Settings weightDecay(double weightDecay) {
      return new Settings(0.9, 0.999, 1e-8, weightDecay);
    }

    private static void check(String name, double value, boolean valid, String expected) {
      if (!valid) {
        throw new IllegalArgumentException(
            "The %s is %s, expected a number %s".formatted(name, value, expected));
      }
    }
  }

  /**
   * Begins with moments of zero.
   *
   * @param parameters what learns
   * @param rates how fast each of them learns
   * @param settings decay of the moments and of the weights
   */
  public AdamW(List<Parameter> parameters, Rates rates, Settings settings) {
    this.settings = settings;
    this.rates = rates;
    this.moments = parameters.stream().map(Moments::new).toList();
    this.chunks = new Chunks(parameters, CHUNK);
  }

  /** {@return what it remembers, in the order of the parameters} */
  public List<Moments> moments() {
    return moments;
  }

  /** {@return the number of steps done} */
  public long steps() {
    return steps;
  }

  /**
   * Continues after so many steps; the moments have been restored.
   *
   * @param stepsDone how many
   */
  public void resume(long stepsDone) {
    steps = stepsDone;
    moments.forEach(Moments::restored);
  }

  /**
   * Moves the parameters against their gradients; these stay as they are.
   *
   * @param rateFactor what the rates are multiplied by, see {@link Schedule#factor}
   * @param gradientFactor what the gradients are multiplied by, see {@link GradientNorm}
   * @param threads share the work
   */
  public void step(double rateFactor, double gradientFactor, Threads threads) {
    steps++;
    List<Update> updates = new ArrayList<>();
    for (Moments remembered : moments) {
      updates.add(update(remembered.parameter(), rateFactor, gradientFactor));
    }
    threads.forEach(
        chunks.count(),
        (chunk, scratch) -> {
          int parameter = chunks.parameter(chunk);
          updates
              .get(parameter)
              .apply(moments.get(parameter), chunks.from(chunk), chunks.to(chunk));
        });
  }

  private Update update(Parameter parameter, double rateFactor, double gradientFactor) {
    double rate = rates.of(parameter) * rateFactor;
    double decay = parameter.kind() == Kind.BIAS_OR_NORM ? 0 : settings.weightDecay();
    double correction1 = 1 - StrictMath.pow(settings.beta1(), (double) steps);
    double correction2 = 1 - StrictMath.pow(settings.beta2(), (double) steps);
    return new Update(
        (float) gradientFactor,
        (float) (1 - settings.beta1()),
        (float) settings.beta2(),
        (float) (1 - settings.beta2()),
        (float) (1 - rate * decay),
        (float) Math.sqrt(correction2),
        (float) settings.epsilon(),
        (float) (rate / correction1));
  }

  /** The numbers of a step for one parameter. */
  private record Update(
      float gradientFactor,
      float share1,
      float beta2,
      float share2,
      float kept,
      float rootOfCorrection2,
      float epsilon,
      float stepSize) {
    void apply(Moments moments, int from, int to) {
      Parameter parameter = moments.parameter();
      if (parameter.kind() != Kind.TABLE) {
        update(moments, from, to);
        return;
      }
      int columns = parameter.columns();
      for (int start = from; start < to; start += columns) {
        if (moments.rests(start / columns)) {
          decay(parameter.values(), start, start + columns);
        } else {
          update(moments, start, start + columns);
        }
      }
    }

    /** What is left of an update where gradient and moments are zero, to the last bit. */
    private void decay(float[] values, int from, int to) {
      if (kept != 1) {
        for (int i = from; i < to; i++) {
          values[i] *= kept;
        }
      }
    }

    private void update(Moments moments, int from, int to) {
      update(
          moments.parameter().values(),
          moments.parameter().readGradient(),
          moments.first(),
          moments.second(),
          from,
          to);
    }

    /** One plain loop, which the compiler turns into vector instructions. */
    private void update(float[] values, float[] gradient, float[] m, float[] v, int from, int to) {
      float factor = gradientFactor;
      float one = share1;
      float beta = beta2;
      float two = share2;
      float decay = kept;
      float root = rootOfCorrection2;
      float eps = epsilon;
      float size = stepSize;
      for (int i = from; i < to; i++) {
        float g = gradient[i] * factor;
        float mean = m[i] + one * (g - m[i]);
        float square = v[i] * beta + two * g * g;
        m[i] = mean;
        v[i] = square;
        float divisor = (float) Math.sqrt(square) / root + eps;
        values[i] = values[i] * decay - size * (mean / divisor);
      }
    }
  }
}
