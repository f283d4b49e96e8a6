package dev.kumiko.bench;

import dev.kumiko.bench.report.Table;
import dev.kumiko.search.ExactSearch;
import dev.kumiko.search.FloatVectors;
import dev.kumiko.search.MarginMining;
import dev.kumiko.search.Pair;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A program that mines translations in two sets of vectors, each with its own in the other. */
final class Mining {
  private static final int DIMENSION = 256;
  private static final int THREADS = 2;
  private static final float NOISE = 2;
  private static final List<Integer> SIZES = List.of(10_000, 30_000, 100_000);
  private static final int LARGEST = 100_000;
  private static final double SECONDS = 120;
  private static final double MEGABYTES = 2000;

  private Mining() {}

  /** One run. */
  record Run(int vectors, double seconds, double processorSeconds, double peak, int right) {
    static Run parse(String line) {
      String[] parts = line.split(" ", -1);
      return new Run(
          Integer.parseInt(parts[0]),
          Double.parseDouble(parts[1]),
          Double.parseDouble(parts[2]),
          Double.parseDouble(parts[3]),
          Integer.parseInt(parts[4]));
    }

    @Override
    public String toString() {
      return vectors + " " + seconds + " " + processorSeconds + " " + peak + " " + right;
    }

    private String target() {
      if (vectors != LARGEST) {
        return "";
      }
      boolean met = seconds <= SECONDS && peak <= MEGABYTES;
      return "%s %.0f s, %.0f MB".formatted(met ? "met" : "above", SECONDS, MEGABYTES);
    }
  }

  /** Takes numbers of vectors; prints one {@link Run} a line. */
  public static void main(String[] args) {
    for (String size : args) {
      int count = Integer.parseInt(size);
      Random random = new Random(count);
      ByteBuffer source = memory(count);
      ByteBuffer target = memory(count);
      for (int i = 0; i < count * DIMENSION; i++) {
        float component = (float) random.nextGaussian();
        source.putFloat(component);
        target.putFloat(component + NOISE * (float) random.nextGaussian());
      }
      try (ExactSearch search = ExactSearch.cosine(THREADS)) {
        long start = System.nanoTime();
        double before = processorSeconds();
        List<Pair> pairs =
            MarginMining.mine(
                search, vectors(source, count), vectors(target, count), MarginMining.NEIGHBOURS);
        double seconds = (System.nanoTime() - start) / 1e9;
        double processor = processorSeconds() - before;
        int right = (int) pairs.stream().filter(pair -> pair.first() == pair.second()).count();
        System.out.println(new Run(count, seconds, processor, PeakMemory.megabytes(), right));
      }
    }
  }

  private static ByteBuffer memory(int count) {
    return ByteBuffer.allocate(count * DIMENSION * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static FloatVectors vectors(ByteBuffer bytes, int count) {
    return new FloatVectors(MemorySegment.ofBuffer(bytes.clear()), count, DIMENSION);
  }

  private static double processorSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : Double.NaN;
  }

  /** Runs the program. */
  static Table measure(Path log, List<String> more) throws IOException {
    List<Run> runs =
        ChildJvm.run(
                log,
                EngineKind.KUMIKO_FP32.jvmFlags(more),
                System.getProperty("java.class.path"),
                Mining.class,
                SIZES.stream().map(String::valueOf).toArray(String[]::new))
            .lines()
            .stream()
            .map(Run::parse)
            .toList();
    return new Table(
        "Mining translations in two sets of vectors of " + DIMENSION + ", two threads",
        List.of("vectors each", "s", "processor s", "peak MB", "right", "target"),
        runs.stream()
            .map(
                run ->
                    List.of(
                        String.format(Locale.ROOT, "%,d", run.vectors()),
                        Numbers.plain(run.seconds()),
                        Numbers.plain(run.processorSeconds()),
                        Numbers.plain(run.peak()),
                        Numbers.percent((double) run.right() / run.vectors()),
                        run.target()))
            .toList(),
        "Both sets in memory, four neighbours, each product computed once for both directions. Where"
            + " the processor's seconds are less than twice the seconds, something else was running.");
  }
}
