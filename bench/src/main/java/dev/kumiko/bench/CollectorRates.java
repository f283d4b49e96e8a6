package dev.kumiko.bench;

import dev.kumiko.bench.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The speed of the tiles under each collector, and with 16 and 32 registers: what C2 makes of a
 * loop depends on how the collector wants it to be interrupted. A tile of which C2 keeps a sum on
 * the stack is hardly faster than plain Java.
 */
final class CollectorRates {
  private static final List<String> COLLECTORS = List.of("Serial", "G1", "Parallel", "Z");
  private static final List<String> REGISTERS = List.of("-XX:UseAVX=2", "-XX:UseAVX=3");

  /**
   * A tile that is less than so many times as fast as plain Java spills: then it takes twice as
   * long.
   */
  private static final double SPILLS = 1;

  private CollectorRates() {}

  /** Measures everything, in a process for each row. */
  static Table measure(Path log, List<String> more, PrintStream progress) throws IOException {
    boolean x86 = System.getProperty("os.arch").equals("amd64");
    List<List<String>> rows = new ArrayList<>();
    for (String registers : x86 ? REGISTERS : List.of("")) {
      for (String collector : COLLECTORS) {
        progress.println("kumiko: linear layers under " + collector + "GC " + registers);
        List<String> flags =
            Stream.concat(Stream.of("-XX:+Use" + collector + "GC", registers), more.stream())
                .filter(flag -> !flag.isEmpty())
                .toList();
        rows.add(row(collector + "GC", registers, KernelRates.run(log, flags)));
      }
    }
    return new Table(
        "Linear layers of MiniLM under each collector, share of the FMA peak",
        List.of(
            "collector",
            "flag",
            "tile",
            "16 rows",
            "128 rows",
            "4,096 rows",
            "int8, 128 rows",
            "by plain Java's",
            ""),
        rows,
        "The lowest of the four layers, one thread. A flag that the CPU does not know changes"
            + " nothing. The last figure is 128 rows' speed by that of the plain-Java kernels in the"
            + " same process; below 1 C2"
            + " keeps something on the stack that belongs into a register.");
  }

  private static List<String> row(String collector, String registers, KernelRates.Rates rates) {
    double fast = rates.lowest("fp32", KernelRates.PLAIN_ROWS);
    double times = fast / rates.lowest(KernelRates.PLAIN, KernelRates.PLAIN_ROWS);
    return List.of(
        collector,
        registers,
        rates.tile(),
        Numbers.percent(rates.lowest("fp32", 16)),
        Numbers.percent(fast),
        Numbers.percent(rates.lowest("fp32", 4096)),
        Numbers.percent(rates.lowest("int8", 128)),
        Numbers.plain(times),
        times < SPILLS ? "spills" : "");
  }
}
