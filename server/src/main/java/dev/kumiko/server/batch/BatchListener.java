package dev.kumiko.server.batch;

/** Hears of every batch, on the thread that computed it. */
@FunctionalInterface
public interface BatchListener {
  /** Hears nothing. */
  BatchListener NONE = (inputs, tokens, nanos) -> {};

  /**
   * A batch was computed, or failed.
   *
   * @param inputs how many it had
   * @param tokens about how many tokens it had
   * @param nanos how long it took
   */
  void computed(int inputs, int tokens, long nanos);
}
