package dev.kumiko.bench;

import dev.kumiko.bench.report.Table;
import java.util.List;

/** Tables of what is not measured by JMH. */
final class OtherTables {
  private static final double KERNEL_SHARE = 0.9;
  private static final int KERNEL_ROWS = 128;
  private static final double MILLIS = 500;
  private static final double CACHED_MILLIS = 300;
  private static final double MEGABYTES = 110;

  private OtherTables() {}

  static Table kernels(KernelRates.Rates rates) {
    return new Table(
        "Linear layers of MiniLM beside the CPU's peak, one thread",
        List.of("weights", "inputs", "outputs", "rows", "GFLOP/s", "FMA peak", "share", "target"),
        rates.all().stream()
            .map(
                rate ->
                    List.of(
                        rate.precision(),
                        Integer.toString(rate.inputs()),
                        Integer.toString(rate.outputs()),
                        Integer.toString(rate.rows()),
                        Numbers.plain(rate.rate() / 1e9),
                        Numbers.plain(rate.peak() / 1e9),
                        Numbers.percent(rate.share()),
                        kernelTarget(rate)))
            .toList(),
        "Tile: "
            + rates.tile()
            + ". The peak: twelve independent chains of fp32 multiply-adds in registers, measured before"
            + " and after every round of a layer; of the third of "
            + KernelRates.ROUNDS
            + " rounds in which it was highest the middle ratio counts. The gradient is that of the"
            + " weights, which training adds to.");
  }

  private static String kernelTarget(KernelRates.Rate rate) {
    boolean wanted = rate.precision().equals("fp32") && rate.rows() == KERNEL_ROWS;
    return Numbers.target(rate.share(), wanted ? KERNEL_SHARE : Double.NaN);
  }

  static Table starts(List<ColdStart.Start> starts, int runs) {
    return new Table(
        "From the start of the process to the first vector",
        List.of("engine", "cache", "ms", "peak MB", "target"),
        starts.stream()
            .map(
                start ->
                    List.of(
                        start.engine().id(),
                        start.cached() ? "yes" : "no",
                        Numbers.plain(start.millis()),
                        Numbers.plain(start.peakMegabytes()),
                        startTarget(start)))
            .toList(),
        "Medians of "
            + runs
            + " runs of a program that loads the model, embeds one short text and prints; models in"
            + " the page cache. The cache is one that the JVM made in an earlier run: an AOT cache, or an"
            + " archive of classes where there is an incubator module.");
  }

  private static String startTarget(ColdStart.Start start) {
    if (start.engine() != EngineKind.KUMIKO_INT8) {
      return "";
    }
    double most = start.cached() ? CACHED_MILLIS : MILLIS;
    boolean met = start.millis() <= most && start.peakMegabytes() <= MEGABYTES;
    return "%s %.0f ms, %.0f MB".formatted(met ? "met" : "above", most, MEGABYTES);
  }

  static Table scaling(List<Scaling.Call> calls) {
    return new Table(
        "Cost of many sentences in one call, Kumiko int8, two threads",
        List.of("sentences", "tokens", "s", "µs/token", "peak MB"),
        calls.stream()
            .map(
                call ->
                    List.of(
                        Integer.toString(call.sentences()),
                        Long.toString(call.tokens()),
                        Numbers.plain(call.seconds()),
                        Numbers.plain(call.microsPerToken()),
                        Numbers.plain(call.peakMegabytes())))
            .toList(),
        "");
  }
}
