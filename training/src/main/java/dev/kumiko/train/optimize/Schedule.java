package dev.kumiko.train.optimize;

/**
 * How the learning rate goes over a run: up from 0 in even steps, then along a shape. As in
 * transformers, the first step with warm-up has the rate 0.
 *
 * @param shape how it goes after the warm-up
 * @param warmup number of steps of the warm-up, 0 for none
 * @param total number of steps of the run
 */
public record Schedule(Shape shape, long warmup, long total) {
  /** How the rate goes after the warm-up. */
  public enum Shape {
    /** Down to 0 in even steps. */
    LINEAR,
    /** Down to 0 along half a cosine (Loshchilov and Hutter, arXiv 1608.03983, equation 5). */
    COSINE,
    /** It stays. */
    CONSTANT
  }

  /** Checks the numbers of steps. */
  public Schedule {
    if (total < 1 || warmup < 0 || warmup > total) {
      throw new IllegalArgumentException(
          "A run of %,d steps with a warm-up of %,d".formatted(total, warmup));
    }
  }

  /**
   * {@return a schedule whose warm-up is given as users do}
   *
   * @param shape how the rate changes after the warm-up
   * @param warmup a share of the steps if it is below 1, rounded up; otherwise a number of steps
   * @param total the number of steps of the run
   */
  public static Schedule of(Shape shape, double warmup, long total) {
    if (!(warmup >= 0 && Double.isFinite(warmup)) || (warmup > 1 && warmup != Math.rint(warmup))) {
      throw new IllegalArgumentException(
          "The warm-up is %s, expected a share below 1 or a number of steps".formatted(warmup));
    }
    return new Schedule(shape, (long) (warmup < 1 ? Math.ceil(total * warmup) : warmup), total);
  }

  /**
   * {@return what the rate is multiplied by, from 0 to 1}
   *
   * @param step from 0
   */
  public double factor(long step) {
    if (step < warmup) {
      return (double) step / warmup;
    }
    if (shape == Shape.CONSTANT) {
      return 1;
    }
    if (step >= total) {
      return 0;
    }
    double progress = (double) (step - warmup) / (total - warmup);
    return shape == Shape.LINEAR
        ? (double) (total - step) / (total - warmup)
        : (1 + StrictMath.cos(Math.PI * progress)) / 2;
  }
}
