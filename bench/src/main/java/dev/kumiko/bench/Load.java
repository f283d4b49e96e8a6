package dev.kumiko.bench;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.bench.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that many callers embed with at the same time, each one text after another, in a heap
 * of a given size. Few callers come first and last, so that both are measured on the same machine.
 */
final class Load {
  private static final List<Integer> HEAPS = List.of(96, 128, 256, 512);
  private static final List<Integer> CALLERS = List.of(1, 8, 64, 256, 1_000);
  private static final int FEW = 8;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(1_500);
  private static final Duration LONG = Duration.ofSeconds(3);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Load() {}

  /**
   * What became of one burst.
   *
   * @param rate texts per second
   * @param few texts per second of few callers in the same process
   * @param failures calls that failed or gave another vector than alone
   * @param before megabytes of the heap in use before the burst
   * @param after right after it
   */
  record Burst(double rate, double few, long failures, double before, double after) {
    static Burst parse(String line) {
      double[] v = Stream.of(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
      return new Burst(v[0], v[1], (long) v[2], v[3], v[4]);
    }

    @Override
    public String toString() {
      return rate + " " + few + " " + failures + " " + before + " " + after;
    }
  }

  /** Takes how many callers, and whether they are virtual; prints a {@link Burst}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int callers = Integer.parseInt(args[0]);
    Thread.Builder threads =
        Boolean.parseBoolean(args[1]) ? Thread.ofVirtual() : Thread.ofPlatform();
    List<String> texts = Workload.B.texts();
    try (Embedder embedder = Embedder.loadDefault()) {
      long end = System.nanoTime() + WARM_UP.toNanos();
      do {
        embedder.embedAll(texts);
      } while (SteadyState.compiling() && System.nanoTime() < end);
      List<float[]> expected = embedder.embedAll(texts).stream().map(Embedding::vector).toList();
      Callers few = new Callers(embedder, texts, expected, Thread.ofPlatform());
      Callers many = new Callers(embedder, texts, expected, threads);
      double first = few.run(FEW, SHORT);
      double before = usedMegabytes();
      double rate = many.run(callers, LONG);
      double after = usedMegabytes();
      double last = few.run(FEW, SHORT);
      System.out.println(
          new Burst(rate, (first + last) / 2, few.failures() + many.failures(), before, after));
    }
  }

  private static double usedMegabytes() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
  }

  /** Measures everything, in a process for each row. */
  static Table measure(Path log, List<String> more, PrintStream progress) {
    List<List<String>> rows = new ArrayList<>();
    for (int heap : HEAPS) {
      for (boolean virtual : new boolean[] {false, true}) {
        for (int callers : CALLERS) {
          List<String> row = row(heap, callers, virtual, log, more);
          progress.println("kumiko: " + String.join(", ", row));
          rows.add(row);
        }
      }
    }
    return new Table(
        "Many callers, each one text after another, Kumiko int8",
        List.of(
            "heap MB",
            "threads",
            "callers",
            "texts/s",
            "by 8 callers'",
            "failures",
            "MB before",
            "MB after"),
        rows,
        "Texts are sentences of natural lengths; each vector is compared with that of a call alone,"
            + " bit by bit. The ratio is to eight platform threads in the same process, before and"
            + " after. Memory is what the heap holds before and right after the burst; memory to"
            + " compute in that nobody asks for goes ten seconds later.");
  }

  private static List<String> row(
      int heap, int callers, boolean virtual, Path log, List<String> more) {
    List<String> flags = new ArrayList<>(EngineKind.KUMIKO_INT8.jvmFlags(more));
    flags.add("-Xmx" + heap + "m");
    List<String> row = new ArrayList<>();
    row.add(Integer.toString(heap));
    row.add(virtual ? "virtual" : "platform");
    row.add(Numbers.plain(callers));
    try {
      String line =
          ChildJvm.run(
                  log,
                  LIMIT,
                  flags,
                  System.getProperty("java.class.path"),
                  Load.class,
                  Integer.toString(callers),
                  Boolean.toString(virtual))
              .lines()
              .getLast();
      Burst burst = Burst.parse(line);
      row.add(Numbers.plain(burst.rate()));
      row.add(Numbers.plain(burst.rate() / burst.few()));
      row.add(Long.toString(burst.failures()));
      row.add(Numbers.plain(burst.before()));
      row.add(Numbers.plain(burst.after()));
    } catch (IOException e) {
      row.addAll(List.of("-", "-", e.getMessage(), "-", "-"));
    }
    return row;
  }
}
