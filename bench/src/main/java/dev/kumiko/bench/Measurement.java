package dev.kumiko.bench;

/**
 * What was measured of one point.
 *
 * @param millis mean time of one pass over all texts
 * @param error half the width of the 95 % confidence interval of {@code millis}
 * @param bytesPerToken what the pass allocates on the Java heap, results included
 * @param peakMegabytes the process's largest resident memory
 * @param worstCosine between a vector and the reference's
 * @param settings of the process that ran the engine
 * @param tile of the engine's products
 */
record Measurement(
    Point point,
    double millis,
    double error,
    double bytesPerToken,
    double peakMegabytes,
    double worstCosine,
    JvmSettings settings,
    Tile tile) {

  double tokensPerSecond() {
    return Workload.tokens(point.workload().texts()) * 1000.0 / millis;
  }
}
