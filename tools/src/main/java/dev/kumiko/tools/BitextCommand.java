package dev.kumiko.tools;

import dev.kumiko.model.Similarity;
import dev.kumiko.search.BothWays;
import dev.kumiko.search.ExactSearch;
import dev.kumiko.search.VectorSource;
import dev.kumiko.tools.measure.BitextPair;
import dev.kumiko.tools.measure.BitextScores;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how often a sentence finds its translation. */
@Command(
    name = "bitext",
    description = "Measure how often a sentence finds its translation among all, in per cent.",
    footer = {
      "",
      "Line i of TARGET translates line i of SOURCE, both in UTF-8. The nearest by",
      "cosine has to be the translation, of equals the first (the protocol of Tatoeba).",
      "A folder is measured pair by pair: tatoeba.deu-eng.deu and tatoeba.deu-eng.eng",
      "are one.",
      "",
      "Examples:",
      "  kumiko eval bitext news.de news.en",
      "  kumiko eval bitext tatoeba/"
    })
final class BitextCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private EmbedderOptions embedding;

  @Option(
      names = "--source-vectors",
      paramLabel = "FILE.npy",
      description = "Keep the vectors of SOURCE here, or take them from here.")
  private Path sourceVectors;

  @Option(
      names = "--target-vectors",
      paramLabel = "FILE.npy",
      description = "Keep the vectors of TARGET here, or take them from here.")
  private Path targetVectors;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "Sentences, or a folder of pairs.")
  private Path source;

  @Parameters(index = "1", paramLabel = "TARGET", arity = "0..1", description = "Translations.")
  private Path target;

  BitextCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<BitextPair> pairs = pairs();
    List<BitextScores> scores = new ArrayList<>();
    try (VectorMaker maker = new VectorMaker(embedding, streams);
        Progress progress = new Progress(streams);
        ExactSearch search = maker.search(Similarity.COSINE, progress)) {
      for (BitextPair pair : pairs) {
        scores.add(measure(pair, maker, search));
      }
    }
    Writer out = streams.writer();
    out.write(BitextScores.table(scores));
    out.flush();
    return 0;
  }

  private List<BitextPair> pairs() throws IOException {
    if (target != null) {
      return List.of(new BitextPair(source + " " + target, source, target));
    }
    if (!Files.isDirectory(source)) {
      throw new UsageException(source + " is no folder of pairs: TARGET is missing");
    }
    if (sourceVectors != null || targetVectors != null) {
      throw new UsageException("--source-vectors and --target-vectors are for one pair, no folder");
    }
    List<BitextPair> pairs = BitextPair.in(source);
    if (pairs.isEmpty()) {
      throw new CommandFailedException(
          source
              + ": has no pair of files such as news.de-en.de and news.de-en.en, or news.de and"
              + " news.en");
    }
    return pairs;
  }

  private BitextScores measure(BitextPair pair, VectorMaker maker, ExactSearch search)
      throws IOException {
    TextLines sources = TextLines.read(pair.source());
    TextLines targets = TextLines.read(pair.target());
    if (sources.count() != targets.count()) {
      throw new CommandFailedException(
          "%s has %,d lines, but %s has %,d; line i of one translates line i of the other"
              .formatted(pair.source(), sources.count(), pair.target(), targets.count()));
    }
    for (TextLines lines : List.of(sources, targets)) {
      lines
          .distinct()
          .say(streams, "they count as texts", "of equal sentences only the first is found");
    }
    VectorSource a = maker.vectors(sources, sourceVectors);
    VectorSource b = maker.vectors(targets, targetVectors);
    VectorMaker.requireSameDimension(pair.source(), a, pair.target(), b);
    BothWays nearest = search.bothWays(a, b, 1);
    return BitextScores.of(pair.name(), nearest);
  }
}
