package dev.kumiko.server.batch;

import java.time.Duration;

/**
 * How requests are computed together.
 *
 * @param threads so many batches are computed at a time
 * @param tokens a batch has about so many tokens; 1 computes every input alone
 * @param patience how long a batch may wait for further inputs while others are computed
 * @param mostInputs so many inputs wait at most
 */
public record BatchSettings(int threads, int tokens, Duration patience, int mostInputs) {
  /** So many threads are allowed. */
  public static final int MOST_THREADS = 1024;

  /** A batch may wait so long. */
  public static final int LONGEST_MILLIS = 1_000;

  /** Throws {@link IllegalArgumentException} if one is out of its range. */
  public BatchSettings {
    requirePositive("threads", threads);
    if (threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads must be at most %,d, not %,d".formatted(MOST_THREADS, threads));
    }
    requirePositive("tokens of a batch", tokens);
    requirePositive("inputs that wait", mostInputs);
    if (patience.isNegative() || patience.toMillis() > LONGEST_MILLIS) {
      throw new IllegalArgumentException(
          "a batch waits from 0 to %d ms, not %d ms"
              .formatted(LONGEST_MILLIS, patience.toMillis()));
    }
  }

  private static void requirePositive(String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, not " + number);
    }
  }
}
