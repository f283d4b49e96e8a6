package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BitextCommandTest {
  @TempDir private Path folder;

  private Path lines(String name, List<String> texts) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", texts) + "\n");
  }

  /** The reference's texts that are one line, as pairs of neighbours: source i, target i + 1. */
  private static List<Integer> numbers() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    List<String> texts = SmallModel.texts();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      boolean line = !text.isBlank() && text.chars().noneMatch(c -> c == '\n' || c == '\r');
      if (line && texts.indexOf(text) == i) {
        numbers.add(i);
      }
    }
    return numbers;
  }

  /** In plain loops, with the vectors of the reference. */
  private static double accuracy(List<Integer> from, List<Integer> to) throws IOException {
    int found = 0;
    for (int i = 0; i < from.size(); i++) {
      int best = 0;
      for (int j = 1; j < to.size(); j++) {
        if (SmallModel.cosine(from.get(i), to.get(j))
            > SmallModel.cosine(from.get(i), to.get(best))) {
          best = j;
        }
      }
      found += best == i ? 1 : 0;
    }
    return 100.0 * found / from.size();
  }

  @Test
  void countsWhatTheReferencesVectorsFind() throws IOException {
    List<Integer> numbers = numbers();
    List<Integer> sources = new ArrayList<>();
    List<Integer> targets = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      sources.add(numbers.get(i));
      targets.add(numbers.get(i < numbers.size() / 2 ? i : (i + 1) % numbers.size()));
    }
    List<String> texts = SmallModel.texts();
    Path source = lines("a.de-en.de", sources.stream().map(texts::get).toList());
    Path target = lines("a.de-en.en", targets.stream().map(texts::get).toList());
    double forward = accuracy(sources, targets);
    double backward = accuracy(targets, sources);
    assertTrue(forward > 30 && forward < 90, forward + " tells nothing");
    Outcome outcome =
        Outcome.of("eval", "bitext", "-m", SmallModel.path(), source.toString(), target.toString());
    String numbersOf =
        String.format(
            Locale.ROOT,
            "%7d  %7.2f  %8.2f  %7.2f\n",
            sources.size(),
            forward,
            backward,
            (forward + backward) / 2);
    assertTrue(outcome.out.endsWith(numbersOf), outcome.out);
    lines("a.fr-en.fr", List.of(texts.get(numbers.get(0)), texts.get(numbers.get(1))));
    lines("a.fr-en.en", List.of(texts.get(numbers.get(0)), texts.get(numbers.get(1))));
    Files.writeString(folder.resolve("README.md"), "no pair");
    Outcome table = Outcome.of("eval", "bitext", "-m", SmallModel.path(), folder.toString());
    assertEquals(
        "pair       lines  forward  backward     mean\na.de-en  "
            + numbersOf
            + "a.fr-en        2   100.00    100.00   100.00\nmean     "
            + String.format(
                Locale.ROOT,
                "%7d  %7.2f  %8.2f  %7.2f\n",
                sources.size() + 2,
                (forward + 100) / 2,
                (backward + 100) / 2,
                (forward + backward + 200) / 4),
        table.out);
  }

  @Test
  void equalSentencesAndEmptyLinesAreSaid() throws IOException {
    Path source = lines("x.de", List.of("ein", "zwei", "ein", ""));
    Path target = lines("x.en", List.of("ein", "zwei", "ein", ""));
    Outcome outcome =
        Outcome.of("eval", "bitext", "-m", SmallModel.path(), source.toString(), target.toString());
    assertTrue(outcome.out.endsWith("      4    75.00     75.00    75.00\n"), outcome.out);
    String said =
        "kumiko: %s: 1 of 4 lines is empty, the first is line 4; they count as texts\n"
            + "kumiko: %s: 1 of 4 lines repeats an earlier one, the first is line 3; of equal"
            + " sentences only the first is found\n";
    assertEquals(
        said.formatted(source, source) + said.formatted(target, target),
        outcome.err.replace(System.lineSeparator(), "\n"));
  }

  @Test
  void whatCannotBeComparedIsNamed() throws IOException {
    Path source = lines("x.de", List.of("ein", "zwei"));
    Path target = lines("x.en", List.of("one", "two", "three"));
    Outcome.of("eval", "bitext", "-m", SmallModel.path(), source.toString(), target.toString())
        .failed(
            1,
            "%s has 2 lines, but %s has 3; line i of one translates line i of the other"
                .formatted(source, target));
    Outcome.of("eval", "bitext", source.toString())
        .failed(2, source + " is no folder of pairs: TARGET is missing");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Outcome.of("eval", "bitext", empty.toString())
        .failed(
            1,
            empty
                + ": has no pair of files such as news.de-en.de and news.de-en.en, or news.de and"
                + " news.en");
    lines("x.en", List.of("one", "two"));
    Path vectors = NpyBytes.floats(folder.resolve("x.npy"), new float[2], new float[2]);
    Outcome outcome =
        Outcome.of(
            "eval",
            "bitext",
            "-m",
            SmallModel.path(),
            "--target-vectors",
            vectors.toString(),
            source.toString(),
            target.toString());
    assertTrue(
        outcome.err.contains(
            "the vectors of %s have 48 components, but those of %s have 2"
                .formatted(source, target)),
        outcome.err);
    assertEquals(1, outcome.code);
  }
}
