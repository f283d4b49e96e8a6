package dev.kumiko.tools;

import dev.kumiko.model.Similarity;
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
import java.util.Map;

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
   * @param ids whether an id stands before each sentence
   * @param sourceVectors where vectors are kept; null to forget them
   * @param targetVectors the same
   * @param k how many neighbours make the mean
   */
  static MinedTexts of(
      Path source,
      Path target,
      boolean ids,
      Path sourceVectors,
      Path targetVectors,
      int k,
      VectorMaker maker,
      Streams streams)
      throws IOException {
    TextLines sourceLines = ids ? TextLines.readWithIds(source) : TextLines.read(source);
    TextLines targetLines = ids ? TextLines.readWithIds(target) : TextLines.read(target);
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
   * Reads gold pairs of these files: what a source and a target line are called, with a tab between
   * them.
   *
   * @throws IOException if it names a line that is not there or is empty
   */
  GoldPairs gold(Path file) throws IOException {
    GoldPairs gold = new GoldPairs();
    Map<String, Integer> sourceNames = source.byName();
    Map<String, Integer> targetNames = target.byName();
    try (Utf8Lines lines = new Utf8Lines(Files.newInputStream(file), file.toString())) {
      long number = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        number++;
        String[] fields = line.split("\t", -1);
        if (fields.length != 2) {
          throw new CommandFailedException(
              "%s: line %d is \"%s\", expected the numbers or ids of a source and a target line with a tab between them"
                  .formatted(file, number, Shown.of(line)));
        }
        gold.add(
            line(sourceNames.get(fields[0]), fields[0], source, sources, file, number),
            line(targetNames.get(fields[1]), fields[1], target, targets, file, number));
      }
    }
    if (gold.size() == 0) {
      throw new CommandFailedException(file + ": is empty, expected gold pairs");
    }
    return gold;
  }

  private static int line(
      Integer line,
      String field,
      TextLines lines,
      TextLines.Distinct distinct,
      Path file,
      long number)
      throws IOException {
    if (line == null) {
      throw new CommandFailedException(
          "%s: line %d names line \"%s\" of %s, which has %s"
              .formatted(file, number, Shown.of(field), lines.file(), lines.names()));
    }
    int first = distinct.representative(line);
    if (first < 0) {
      throw new CommandFailedException(
          "%s: line %d names line %s of %s, which is empty"
              .formatted(file, number, Shown.of(field), lines.file()));
    }
    return first;
  }
}
