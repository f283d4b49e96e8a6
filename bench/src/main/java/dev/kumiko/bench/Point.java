package dev.kumiko.bench;

/**
 * What one fork measures.
 *
 * @param threads threads of the engine
 */
record Point(EngineKind engine, Workload workload, int threads) {
  private static final String SEPARATOR = "/";

  /** Checks the number of threads. */
  Point {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
  }

  /**
   * Returns the point of a text such as {@code kumiko-int8/b/2}.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Point of(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    if (parts.length != 3 || !parts[2].matches("\\d{1,4}")) {
      throw new IllegalArgumentException(
          "'" + text + "' is not engine/workload/threads, such as kumiko-int8/b/2");
    }
    return new Point(EngineKind.of(parts[0]), Workload.of(parts[1]), Integer.parseInt(parts[2]));
  }

  @Override
  public String toString() {
    return engine.id() + SEPARATOR + workload.id() + SEPARATOR + threads;
  }
}
