package dev.kumiko.tools;

import dev.kumiko.search.MarginMining;
import dev.kumiko.search.Pair;
import dev.kumiko.tools.measure.GoldPairs;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds translations in two files that are not aligned. */
@Command(
    name = "mine",
    description = "Find sentences that translate each other in two files.",
    footer = {
      "",
      "Prints score, source line, target line and both sentences, with tabs between",
      "them, the best first. The score is the ratio of a pair's cosine to the mean",
      "cosine of both sentences' K nearest neighbours: above 1, a pair is nearer than",
      "what surrounds it.",
      "",
      "With --gold (line numbers of a source and a target, or ids with --ids, a tab",
      "between them) it prints precision, recall and F1 instead, at --min-score, or at",
      "the threshold that was best on the training split (the protocol of BUCC).",
      "",
      "Examples:",
      "  kumiko mine --min-score 1.06 crawled.de crawled.en > pairs.tsv",
      "  kumiko mine --train train.de train.en train.gold --gold test.gold \\",
      "      test.de test.en",
      "  kumiko mine --ids --train de-en.training.de de-en.training.en \\",
      "      de-en.training.gold --gold de-en.test.gold de-en.test.de de-en.test.en"
    })
final class MineCommand implements Callable<Integer> {
  /** A mean over more says nothing of the surroundings, and takes memory for each line. */
  private static final int MOST_NEIGHBOURS = 1000;

  private final Streams streams;

  @Mixin private EmbedderOptions embedding;
  @Mixin private PairOutput output;

  @Option(
      names = "--neighbours",
      paramLabel = "K",
      description = "How many neighbours make the mean; the default is 4.")
  private int neighbours = MarginMining.NEIGHBOURS;

  @Option(names = "--min-score", paramLabel = "SCORE", description = "The lowest score of a pair.")
  private Double minScore;

  @Option(names = "--top", paramLabel = "N", description = "Take the best N pairs only.")
  private Integer top;

  @Option(names = "--gold", paramLabel = "FILE", description = "Pairs that are right.")
  private Path gold;

  @Option(
      names = "--train",
      arity = "3",
      paramLabel = "FILE",
      description = "Sources, targets and gold pairs that the threshold is learned on.")
  private List<Path> train;

  @Option(
      names = "--ids",
      description =
          "An id and a tab stand before each sentence, and gold pairs name ids: the files of BUCC.")
  private boolean ids;

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

  @Parameters(index = "0", paramLabel = "SOURCE", description = "Sentences, one a line.")
  private Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "Sentences of another language.")
  private Path target;

  MineCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    check();
    try (VectorMaker maker = new VectorMaker(embedding, streams)) {
      Double threshold = train == null ? minScore : learned(maker);
      MinedTexts mined =
          MinedTexts.of(
              source, target, ids, sourceVectors, targetVectors, neighbours, maker, streams);
      GoldPairs right = gold == null ? null : mined.gold(gold);
      List<Pair> best = top == null ? mined.pairs() : first(mined.pairs(), top);
      if (threshold == null && right != null) {
        threshold = right.bestThreshold(best);
        streams.say(
            "the threshold is the best one for these very pairs, which flatters F1; --train or"
                + " --min-score gives an honest one");
      }
      double least = threshold == null ? Double.NEGATIVE_INFINITY : threshold;
      if (right == null || output.isFile()) {
        List<Pair> pairs = best.stream().filter(pair -> pair.score() >= least).toList();
        output.write(pairs, mined.source(), mined.target(), streams);
      }
      if (right != null) {
        print(right.agreement(best, least));
      }
    }
    return 0;
  }

  private void check() throws IOException {
    if (neighbours < 1 || neighbours > MOST_NEIGHBOURS) {
      throw new UsageException(
          "--neighbours must be from 1 to %d, not %d".formatted(MOST_NEIGHBOURS, neighbours));
    }
    if (top != null && top < 1) {
      throw new UsageException("--top must be at least 1, not " + top);
    }
    if (minScore != null && !Double.isFinite(minScore)) {
      throw new UsageException("--min-score must be a number, not " + minScore);
    }
    if (train != null && minScore != null) {
      throw new UsageException("--train learns the score that --min-score states; leave out one");
    }
    output.check();
  }

  private Double learned(VectorMaker maker) throws IOException {
    MinedTexts split =
        MinedTexts.of(train.get(0), train.get(1), ids, null, null, neighbours, maker, streams);
    GoldPairs known = split.gold(train.get(2));
    double threshold = known.bestThreshold(split.pairs());
    if (Double.isInfinite(threshold)) {
      throw new CommandFailedException(
          train.get(2) + ": none of its pairs was found, so that no threshold can be learned");
    }
    return threshold;
  }

  private static List<Pair> first(List<Pair> pairs, int count) {
    return pairs.subList(0, Math.min(count, pairs.size()));
  }

  private void print(GoldPairs.Agreement agreement) throws IOException {
    Writer out = streams.writer();
    out.write(
        String.format(
            Locale.ROOT,
            """
            threshold  %.4f
            pairs      %d
            right      %d
            gold       %d
            precision  %.2f
            recall     %.2f
            F1         %.2f
            """,
            agreement.threshold(),
            agreement.taken(),
            agreement.right(),
            agreement.gold(),
            100 * agreement.precision(),
            100 * agreement.recall(),
            100 * agreement.f1()));
    out.flush();
  }
}
