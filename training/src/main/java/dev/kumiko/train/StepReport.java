package dev.kumiko.train;

/**
 * A step that was done.
 *
 * @param step its number, from 1
 * @param steps number of steps of the run
 * @param epoch how often all data has been seen, a fraction
 * @param loss mean of the step's batches
 * @param rate the learning rate of the step
 * @param gradientNorm length of the gradient before it was clipped
 * @param tokens tokens of all steps since the run was begun or resumed
 * @param seconds time of these steps, evaluations and checkpoints not counted
 */
public record StepReport(
    long step,
    long steps,
    double epoch,
    double loss,
    double rate,
    double gradientNorm,
    long tokens,
    double seconds) {
  /** {@return the tokens learnt from in a second} */
  public double tokensPerSecond() {
    return seconds > 0 ? tokens / seconds : 0;
  }
}
