package dev.kumiko.train.optimize;

import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import java.util.List;

/**
 * A step of training after the backward passes: clip, AdamW with this step's rate, and gradients of
 * zero for the next one. Where a step consists of k micro-batches, each one's loss has the weight 1
 * / k, so that the gradient is their mean. For one thread at a time.
 */
@SuppressWarnings("exports") // Threads are brought by Kumiko alone.
public final class Optimizer {
  private final List<Parameter> parameters;
  private final AdamW adamW;
  private final Schedule schedule;
  private final GradientNorm norm;
  private final double largestNorm;

  /**
   * Begins a run.
   *
   * @param parameters what learns
   * @param rates how fast each of them learns
   * @param schedule how the rates change with the steps
   * @param settings of AdamW
   * @param largestNorm how long all gradients together may be, customary 1; 0 for any length
   */
  public Optimizer(
      List<Parameter> parameters,
      Rates rates,
      Schedule schedule,
      AdamW.Settings settings,
      double largestNorm) {
    if (!(largestNorm >= 0 && Double.isFinite(largestNorm))) {
      throw new IllegalArgumentException(
          "Gradients are clipped to %s, expected 0 or more".formatted(largestNorm));
    }
    this.parameters = List.copyOf(parameters);
    this.adamW = new AdamW(parameters, rates, settings);
    this.schedule = schedule;
    this.norm = new GradientNorm(parameters);
    this.largestNorm = largestNorm;
  }

  /** {@return the state that a checkpoint needs: the number of steps and the moments} */
  public AdamW adamW() {
    return adamW;
  }

  /** {@return what the rates of the next step are multiplied by} */
  public double rateFactor() {
    return schedule.factor(adamW.steps());
  }

  /**
   * Does a step. If the gradients have no finite length, nothing changes, and they stay for whoever
   * wants to look at them.
   *
   * @param threads share the work
   * @return the length of all gradients together before clipping
   */
  public double step(Threads threads) {
    double length = norm.measure(threads);
    if (Double.isFinite(length)) {
      adamW.step(rateFactor(), GradientNorm.factor(length, largestNorm), threads);
      parameters.forEach(Parameter::clearGradient);
    }
    return length;
  }
}
