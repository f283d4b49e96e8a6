package dev.kumiko;

/**
 * Hears how far a call is. It is called by the threads that compute, one at a time, so it should be
 * brief. What it throws is logged as a warning: the call goes on without it, and no vector is lost.
 */
@FunctionalInterface
public interface EmbedProgress {
  /** Hears nothing. */
  EmbedProgress NONE = (done, all) -> {};

  /** The number of inputs is not known, as of a stream. */
  long UNKNOWN = -1;

  /**
   * Some more inputs have their vectors.
   *
   * @param done how many have; more than at the last call
   * @param all how many inputs there are, or {@link #UNKNOWN}
   */
  void embedded(long done, long all);
}
