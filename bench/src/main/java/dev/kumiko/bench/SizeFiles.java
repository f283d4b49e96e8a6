package dev.kumiko.bench;

import dev.kumiko.bench.report.Table;
import dev.kumiko.format.Composition.Assignment;
import dev.kumiko.tools.compress.Compressor;
import dev.kumiko.tools.generate.PublishedShape;
import dev.kumiko.tools.generate.RandomModel;
import dev.kumiko.tools.quantize.Quantizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * LaBSE and LEALLA with all their tokens, as files of int8 weights: how large they are, and how
 * long each takes to open. Takes two gigabytes of the temporary folder for a while.
 */
final class SizeFiles {
  /** Twice so many processes for each file. */
  private static final int STARTS = 5;

  private static final int PARTS = 2;
  private static final int CODES = 708;

  /**
   * A file that is measured.
   *
   * @param megabytes the most it may have
   * @param millis the longest it may take to open; NaN if nothing is asked
   * @param heap the most megabytes of the heap it may take; NaN if nothing is asked
   */
  private record Kept(String name, Path file, double megabytes, double millis, double heap) {}

  private final Models models;
  private final Path log;
  private final List<String> more;

  private SizeFiles(Models models, Path log, List<String> more) {
    this.models = models;
    this.log = log;
    this.more = more;
  }

  /** Makes the files and measures them. */
  static Table measure(Models models, Path log, List<String> more, PrintStream progress)
      throws IOException {
    SizeFiles files = new SizeFiles(models, log, more);
    List<List<String>> rows = new ArrayList<>();
    for (Kept kept : files.make(progress)) {
      progress.println("kumiko: opening " + kept.name());
      rows.add(files.row(kept));
    }
    return new Table(
        "Files of LaBSE and LEALLA with 501,153 tokens, int8, and how long they take to open",
        List.of("model", "MB", "target", "ms, next model", "target", "ms, first model", "heap MB"),
        rows,
        "Random weights and a made-up vocabulary, which is 1.5 MB shorter as a file than LaBSE's. Medians"
            + " of %d processes, file in the cache of the system: ms in a JVM that has another model open, and in one that has yet to load Kumiko's classes. The heap is what is in use afterwards; the token table is none of it."
                .formatted(STARTS));
  }

  private List<Kept> make(PrintStream progress) throws IOException {
    Path whole = models.folder().resolve("whole.safetensors");
    Path composed = models.folder().resolve("composed.safetensors");
    Path small = models.folder().resolve("lealla-small-501153.safetensors");
    Path cartesian = models.folder().resolve("lealla-small-cartesian.safetensors");
    Path labse = models.folder().resolve("labse-501153.safetensors");
    generate(PublishedShape.LEALLA_SMALL, whole, progress);
    Quantizer.quantize(whole, small);
    Compressor.compress(
        whole,
        composed,
        new Compressor.Options(
            PARTS, CODES, Assignment.CARTESIAN, true, false, OptionalInt.empty(), 0, 1),
        Optional.empty(),
        done -> {});
    Quantizer.quantize(composed, cartesian);
    Files.delete(composed);
    generate(PublishedShape.LABSE, whole, progress);
    Quantizer.quantize(whole, labse);
    Files.delete(whole);
    return List.of(
        new Kept("lealla-small", small, 76, 150, Double.NaN),
        new Kept("lealla-small, Cartesian table of 2 parts", cartesian, 16, 150, Double.NaN),
        new Kept("labse", labse, 480, 250, 160));
  }

  private static void generate(PublishedShape shape, Path target, PrintStream progress)
      throws IOException {
    progress.println("kumiko: generating " + shape.title() + " with all its tokens");
    new RandomModel(shape, Optional.empty(), Optional.empty(), 1).write(target, done -> {});
  }

  private List<String> row(Kept kept) throws IOException {
    double[] next = new double[STARTS];
    double[] first = new double[STARTS];
    double heap = 0;
    for (int i = 0; i < STARTS; i++) {
      SizeOpening.Opened after = open(models.kumikoFp32(), kept.file());
      next[i] = after.millis();
      heap = Math.max(heap, after.heapMegabytes());
      first[i] = open(kept.file()).millis();
    }
    double megabytes = Files.size(kept.file()) / 1e6;
    String heapTarget = Double.isNaN(kept.heap()) ? "" : " (" + atMost(heap, kept.heap()) + ")";
    return List.of(
        kept.name(),
        Numbers.plain(megabytes),
        atMost(megabytes, kept.megabytes()),
        Numbers.plain(ColdStart.median(next)),
        atMost(ColdStart.median(next), kept.millis()),
        Numbers.plain(ColdStart.median(first)),
        Numbers.plain(heap) + heapTarget);
  }

  private SizeOpening.Opened open(Path... files) throws IOException {
    String[] arguments = new String[files.length];
    for (int i = 0; i < files.length; i++) {
      arguments[i] = files[i].toString();
    }
    List<String> lines =
        ChildJvm.run(
                log,
                EngineKind.KUMIKO_INT8.jvmFlags(more),
                System.getProperty("java.class.path"),
                SizeOpening.class,
                arguments)
            .lines();
    return SizeOpening.Opened.parse(lines.getLast());
  }

  private static String atMost(double value, double most) {
    return (value <= most ? "met " : "above ") + Numbers.plain(most);
  }
}
