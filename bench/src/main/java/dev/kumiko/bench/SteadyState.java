package dev.kumiko.bench;

/** Runs work until it does not get faster any more. */
final class SteadyState {
  /** What a run may be faster than before without counting as faster. */
  private static final double NOISE = 0.97;

  private static final long WINDOW_NANOS = 1_000_000_000L;
  private static final long LONGEST_NANOS = 60_000_000_000L;

  private SteadyState() {}

  /**
   * Compares the fastest run of a second with the fastest before. A second that began while the
   * engine's kernels were being compiled does not count: it shows nothing of the compiled ones.
   */
  static void reach(Runnable work) {
    long end = System.nanoTime() + LONGEST_NANOS;
    long before = Long.MAX_VALUE;
    boolean unsettled;
    do {
      boolean compiling = compiling();
      long now = fastest(work);
      unsettled = compiling || compiling() || now < NOISE * before;
      before = Math.min(before, now);
    } while (unsettled && System.nanoTime() < end);
  }

  private static long fastest(Runnable work) {
    long end = System.nanoTime() + WINDOW_NANOS;
    long fastest = Long.MAX_VALUE;
    long start = System.nanoTime();
    do {
      work.run();
      long stop = System.nanoTime();
      fastest = Math.min(fastest, stop - start);
      start = stop;
    } while (start < end);
    return fastest;
  }

  /** Kumiko's thread that makes the JIT compile its kernels. */
  static boolean compiling() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("kumiko-warm-up"));
  }
}
