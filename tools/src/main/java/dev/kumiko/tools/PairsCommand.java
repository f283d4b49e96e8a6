package dev.kumiko.tools;

import dev.kumiko.model.Similarity;
import dev.kumiko.search.Alike;
import dev.kumiko.search.ExactSearch;
import dev.kumiko.search.Pair;
import dev.kumiko.search.VectorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds lines of one file that say nearly the same. */
@Command(
    name = "pairs",
    description = "Find lines of a file that say nearly the same.",
    footer = {
      "",
      "Prints cosine, both line numbers and both texts, with tabs between them, the",
      "best first. A line that repeats an earlier one is paired with that one alone.",
      "",
      "Example:",
      "  kumiko pairs --min-score 0.9 questions.txt"
    })
final class PairsCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private EmbedderOptions embedding;
  @Mixin private PairOutput output;

  @Option(
      names = "--min-score",
      paramLabel = "COSINE",
      required = true,
      description = "The lowest cosine of a pair.")
  private double minScore;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Take the best N pairs only; the default is 1000000.")
  private int top = 1_000_000;

  @Option(
      names = "--vectors",
      paramLabel = "FILE.npy",
      description = "Keep the vectors here, or take them from here.")
  private Path vectors;

  @Parameters(paramLabel = "FILE", description = "Texts, one a line.")
  private Path file;

  PairsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (Double.isNaN(minScore) || minScore < -1 || minScore > 1) {
      throw new UsageException("--min-score is a cosine, from -1 to 1, not " + minScore);
    }
    if (top < 1) {
      throw new UsageException("--top must be at least 1, not " + top);
    }
    output.check();
    TextLines lines = TextLines.read(file);
    TextLines.Distinct distinct = lines.distinct();
    distinct.say(streams, "they are left out", "each is paired with the first of its kind");
    distinct.requireSome();
    try (VectorMaker maker = new VectorMaker(embedding, streams);
        Progress progress = new Progress(streams);
        ExactSearch search = maker.search(Similarity.COSINE, progress)) {
      VectorSource all = maker.vectors(lines, vectors);
      Alike alike = search.pairs(all.select(distinct.rows()), minScore, top);
      List<Pair> pairs = repeats(lines, distinct);
      for (Pair pair : alike.pairs()) {
        int[] rows = distinct.rows();
        pairs.add(new Pair(rows[pair.first()], rows[pair.second()], pair.score()));
      }
      pairs.sort(Pair.BEST_FIRST);
      if (!alike.complete() || pairs.size() > top) {
        streams.say(
            "there are more than %,d pairs; these are the best, and --top N takes more"
                .formatted(top));
      }
      output.write(pairs.subList(0, Math.min(top, pairs.size())), lines, lines, streams);
    }
    return 0;
  }

  private static List<Pair> repeats(TextLines lines, TextLines.Distinct distinct) {
    List<Pair> pairs = new ArrayList<>();
    for (int line = 0; line < lines.count(); line++) {
      int first = distinct.representative(line);
      if (first >= 0 && first < line) {
        pairs.add(new Pair(first, line, 1));
      }
    }
    return pairs;
  }
}
