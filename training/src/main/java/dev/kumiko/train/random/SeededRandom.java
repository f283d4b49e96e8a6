package dev.kumiko.train.random;

import java.util.random.RandomGenerator;

/**
 * SplitMix64: a random generator whose whole state is one number, so that a run can be saved and
 * continued. Gives the same numbers as {@link java.util.SplittableRandom#nextLong()} of the same
 * seed, on every JDK. An instance belongs to one thread.
 *
 * <p>Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
 * figure 16.
 */
public final class SeededRandom implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /**
   * Begins anew or where another one was.
   *
   * @param seed any number, or the {@link #state()} of a generator that is to be continued
   */
  public SeededRandom(long seed) {
    state = seed;
  }

  /** {@return what a new generator takes as its seed to continue here} */
  public long state() {
    return state;
  }

  /**
   * {@return a generator whose numbers have nothing to do with this one's: for shuffling,
   * initialisation and dropout of one run, or for each epoch}
   *
   * @param stream which one; the same number gives the same generator
   */
  public SeededRandom stream(long stream) {
    return new SeededRandom(mixed(state + mixed(stream + GOLDEN_GAMMA)));
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mixed(state);
  }

  /** Stafford's variant 13 of MurmurHash3's last step. */
  private static long mixed(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * Returns a whole number from 0 to {@code bound - 1}, all equally likely (Lemire, "Fast random
   * integer generation in an interval", 2019).
   *
   * @throws IllegalArgumentException if the bound is not positive
   */
  @Override
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("A random number below %,d".formatted(bound));
    }
    long product = (nextLong() >>> 32) * bound;
    long tooOften = (1L << 32) % bound;
    while ((product & 0xffffffffL) < tooOften) {
      product = (nextLong() >>> 32) * bound;
    }
    return (int) (product >>> 32);
  }

  /** Returns a multiple of 2^-53 in [0, 1). */
  @Override
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /**
   * Returns a number of the normal distribution with mean 0 and variance 1 (Marsaglia's polar
   * method; its second number is thrown away, or it would be part of the state).
   */
  @Override
  public double nextGaussian() {
    while (true) {
      double x = 2 * nextDouble() - 1;
      double y = 2 * nextDouble() - 1;
      double square = x * x + y * y;
      if (square < 1 && square > 0) {
        return x * StrictMath.sqrt(-2 * StrictMath.log(square) / square);
      }
    }
  }

  /**
   * Shuffles the first {@code count} of some numbers (Fisher and Yates).
   *
   * @param numbers of which the first are shuffled
   * @param count how many of them
   */
  public void shuffle(int[] numbers, int count) {
    for (int i = count - 1; i > 0; i--) {
      int other = nextInt(i + 1);
      int kept = numbers[i];
      numbers[i] = numbers[other];
      numbers[other] = kept;
    }
  }
}
