package dev.kumiko.tools.measure;

import dev.kumiko.search.BothWays;
import dev.kumiko.search.Neighbours;
import java.util.List;
import java.util.Locale;

/**
 * How often a sentence finds its translation, as the test set Tatoeba is scored (Artetxe and
 * Schwenk, arXiv 1812.10464): the nearest of all by cosine is the one of the same line.
 *
 * @param name of the pair
 * @param lines number of sentences
 * @param forward accuracy of the sources, in per cent
 * @param backward accuracy of the targets, in per cent
 */
public record BitextScores(String name, int lines, double forward, double backward) {
  /** Scores the nearest neighbours of all sentences of a pair in each other. */
  public static BitextScores of(String name, BothWays nearest) {
    return new BitextScores(
        name,
        nearest.forward().queries(),
        accuracy(nearest.forward()),
        accuracy(nearest.backward()));
  }

  private static double accuracy(Neighbours nearest) {
    int found = 0;
    for (int line = 0; line < nearest.queries(); line++) {
      found += nearest.index(line, 0) == line ? 1 : 0;
    }
    return 100.0 * found / nearest.queries();
  }

  /** Returns the mean of both directions. */
  public double mean() {
    return (forward + backward) / 2;
  }

  /** Returns a table for people, with the means of several pairs. */
  public static String table(List<BitextScores> scores) {
    int width = Math.max(4, scores.stream().mapToInt(s -> s.name.length()).max().orElse(0));
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%-" + width + "s  %7s  %7s  %8s  %7s\n",
            "pair",
            "lines",
            "forward",
            "backward",
            "mean"));
    for (BitextScores score : scores) {
      table.append(row(score, width));
    }
    if (scores.size() > 1) {
      double forward = scores.stream().mapToDouble(BitextScores::forward).average().orElse(0);
      double backward = scores.stream().mapToDouble(BitextScores::backward).average().orElse(0);
      int lines = scores.stream().mapToInt(BitextScores::lines).sum();
      table.append(row(new BitextScores("mean", lines, forward, backward), width));
    }
    return table.toString();
  }

  private static String row(BitextScores score, int width) {
    return String.format(
        Locale.ROOT,
        "%-" + width + "s  %7d  %7.2f  %8.2f  %7.2f\n",
        score.name,
        score.lines,
        score.forward,
        score.backward,
        score.mean());
  }
}
