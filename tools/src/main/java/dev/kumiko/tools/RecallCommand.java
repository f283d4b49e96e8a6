package dev.kumiko.tools;

import dev.kumiko.model.Similarity;
import dev.kumiko.search.ExactSearch;
import dev.kumiko.search.Neighbours;
import dev.kumiko.search.VectorSource;
import dev.kumiko.tools.vectors.NpyFile;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what smaller vectors lose. */
@Command(
    name = "recall",
    description = "Measure which part of the nearest vectors smaller ones find, in per cent.",
    footer = {
      "",
      "FLOAT has vectors in float, each COMPACT the same vectors as int8 or binary,",
      "QUERIES the vectors of queries in float. The nearest K by cosine are those of",
      "FLOAT; rescored are M x K candidates of COMPACT, compared again in FLOAT.",
      "",
      "Example:",
      "  kumiko eval recall queries.npy texts.npy texts-int8.npy texts-binary.npy"
    })
final class RecallCommand implements Callable<Integer> {
  private static final int DEEPEST = 10_000;

  private final Streams streams;

  @Option(names = "--at", paramLabel = "K", description = "How many are found; 10 by default.")
  private int at = 10;

  @Option(
      names = "--oversample",
      paramLabel = "M",
      description = "How many times as many candidates are rescored; 4 by default.")
  private int oversample = 4;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of threads; the default is the number of processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Parameters(index = "0", paramLabel = "QUERIES", description = "Vectors of queries (.npy).")
  private Path queries;

  @Parameters(index = "1", paramLabel = "FLOAT", description = "Vectors in float (.npy).")
  private Path exact;

  @Parameters(index = "2..*", arity = "1..*", paramLabel = "COMPACT", description = "Smaller ones.")
  private List<Path> compact;

  RecallCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (at < 1 || oversample < 1 || threads < 1 || (long) at * oversample > DEEPEST) {
      throw new UsageException(
          "--at, --oversample and --threads must be at least 1, and --at times --oversample at most "
              + DEEPEST);
    }
    StringBuilder table =
        new StringBuilder(
            String.format(
                Locale.ROOT, "%14s  %8s  %8s  vectors\n", "bytes", "recall@" + at, "rescored"));
    try (NpyFile asked = NpyFile.open(queries);
        NpyFile whole = NpyFile.open(exact);
        Progress progress = new Progress(streams);
        ExactSearch search =
            ExactSearch.by(Similarity.COSINE, threads).reporting(progress::update)) {
      VectorMaker.requireSameDimension(queries, asked.vectors(), exact, whole.vectors());
      Neighbours right = search.nearest(asked.vectors(), whole.vectors(), at);
      table.append(line(Files.size(exact), 100, 100, exact));
      for (Path path : compact) {
        table.append(row(path, asked.vectors(), whole.vectors(), right, search));
      }
    }
    Writer out = streams.writer();
    out.write(table.toString());
    out.flush();
    return 0;
  }

  private String row(
      Path path, VectorSource asked, VectorSource whole, Neighbours right, ExactSearch search)
      throws IOException {
    try (NpyFile file = NpyFile.open(path)) {
      VectorSource vectors = file.vectors();
      VectorMaker.requireSameDimension(exact, whole, path, vectors);
      if (vectors.count() != whole.count()) {
        throw new CommandFailedException(
            "%s has %,d vectors, but %s has %,d"
                .formatted(path, vectors.count(), exact, whole.count()));
      }
      Neighbours found = search.nearest(asked, vectors, at);
      int more = (int) Math.min(whole.count(), (long) at * oversample);
      Neighbours candidates = search.nearest(asked, vectors, more);
      Neighbours rescored = search.rescore(asked, whole, candidates, at);
      return line(Files.size(path), recall(right, found), recall(right, rescored), path);
    }
  }

  private static String line(long bytes, double recall, double rescored, Path path) {
    return String.format(
        Locale.ROOT, "%,14d  %8.2f  %8.2f  %s\n", bytes, recall, rescored, path.getFileName());
  }

  private static double recall(Neighbours right, Neighbours found) {
    long hits = 0;
    for (int query = 0; query < right.queries(); query++) {
      Set<Integer> wanted = new HashSet<>();
      for (int rank = 0; rank < right.each(); rank++) {
        wanted.add(right.index(query, rank));
      }
      for (int rank = 0; rank < found.each(); rank++) {
        hits += wanted.contains(found.index(query, rank)) ? 1 : 0;
      }
    }
    return 100.0 * hits / right.queries() / right.each();
  }
}
