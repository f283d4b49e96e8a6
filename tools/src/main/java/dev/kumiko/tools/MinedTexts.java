package dev.kumiko.tools;

import dev.kumiko.format.Similarity;
import dev.kumiko.search.ExactSearch;
import dev.kumiko.search.MarginMining;
import dev.kumiko.search.Pair;
import dev.kumiko.search.VectorSource;
import dev.kumiko.tools.measure.GoldPairs;
import dev.kumiko.train.data.Shown;
import dev.kumiko.train.data.Utf8Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What was mined of two files. Each distinct sentence takes part once, and stands for its repeats.
 *
 * @param pairs lines of both, from 0, the best first
 */
record MinedTexts(
    TextLines source,
    TextLines target,
    TextLines.Distinct sources,
    TextLines.Distinct targets,
    List<Pair> pairs) {

  /**
   * Mines two files.
   *
   * @param sourceVectors where vectors are kept; null to forget them
   * @param targetVectors the same
   * @param k how many neighbours make the mean
   */
  static MinedTexts of(
      Path source,
      Path target,
      Path sourceVectors,
      Path targetVectors,
      int k,
      VectorMaker maker,
      Streams streams)
      throws IOException {
    TextLines sourceLines = TextLines.read(source);
    TextLines targetLines = TextLines.read(target);
    TextLines.Distinct sources = said(sourceLines, streams);
    TextLines.Distinct targets = said(targetLines, streams);
    VectorSource a = maker.vectors(sourceLines, sourceVectors);
    VectorSource b = maker.vectors(targetLines, targetVectors);
    VectorMaker.requireSameDimension(source, a, target, b);
    try (Progress progress = new Progress(streams);
        ExactSearch search = maker.search(Similarity.COSINE, progress)) {
      List<Pair> mined =
          MarginMining.mine(search, a.select(sources.rows()), b.select(targets.rows()), k);
      List<Pair> pairs =
          mined.stream()
              .map(
                  pair ->
                      new Pair(
                          sources.rows()[pair.first()],
                          targets.rows()[pair.second()],
                          pair.score()))
              .toList();
      return new MinedTexts(sourceLines, targetLines, sources, targets, pairs);
    }
  }

  private static TextLines.Distinct said(TextLines lines, Streams streams) throws IOException {
    TextLines.Distinct distinct = lines.distinct();
    distinct.say(streams, "they are left out", "a sentence is mined once, as its first line");
    distinct.requireSome();
    return distinct;
  }

  /**
   * Reads gold pairs of these files: two line numbers, from 1, with a tab between them.
   *
   * @throws IOException if it names a line that is not there or is empty
   */
  GoldPairs gold(Path file) throws IOException {
    GoldPairs gold = new GoldPairs();
    try (Utf8Lines lines = new Utf8Lines(Files.newInputStream(file), file.toString())) {
      long number = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        number++;
        String[] fields = line.split("\t", -1);
        if (fields.length != 2) {
          throw new CommandFailedException(
              "%s: line %d is \"%s\", expected the numbers of a source and a target line with a tab between them"
                  .formatted(file, number, Shown.of(line)));
        }
        gold.add(
            line(fields[0], source, sources, file, number),
            line(fields[1], target, targets, file, number));
      }
    }
    if (gold.size() == 0) {
      throw new CommandFailedException(file + ": is empty, expected gold pairs");
    }
    return gold;
  }

  private static int line(
      String field, TextLines lines, TextLines.Distinct distinct, Path file, long number)
      throws IOException {
    long line = 0;
    try {
      line = Long.parseLong(field);
    } catch (NumberFormatException e) {
      // Refused below.
    }
    if (line < 1 || line > lines.count()) {
      throw new CommandFailedException(
          "%s: line %d names line \"%s\" of %s, which has lines 1 to %d"
              .formatted(file, number, Shown.of(field), lines.file(), lines.count()));
    }
    int first = distinct.representative((int) line - 1);
    if (first < 0) {
      throw new CommandFailedException(
          "%s: line %d names line %d of %s, which is empty"
              .formatted(file, number, line, lines.file()));
    }
    return first;
  }
}
