package dev.kumiko.allminilm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Assumptions;

/** The English dev split of the STS benchmark, read where {@code kumiko.data} says it is. */
final class StsBenchmark {
  private StsBenchmark() {}

  /** Returns both sides of every line, or aborts the test, saying so, when the file is absent. */
  static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    try (CSVParser lines = CSVParser.parse(file("stsb-en-dev.csv"), UTF_8, CSVFormat.DEFAULT)) {
      for (CSVRecord line : lines) {
        texts.add(line.get(0));
        texts.add(line.get(1));
      }
    }
    assertEquals(3000, texts.size());
    return texts;
  }

  /** Returns the score of every line. */
  static double[] scores() throws IOException {
    try (CSVParser lines = CSVParser.parse(file("stsb-en-dev.csv"), UTF_8, CSVFormat.DEFAULT)) {
      return lines.stream().mapToDouble(line -> Double.parseDouble(line.get(2))).toArray();
    }
  }

  /** Returns a file of the benchmark. */
  static Path file(String name) {
    Path file = Path.of(System.getProperty("kumiko.data"), "sts", name);
    Assumptions.assumeTrue(
        Files.exists(file), () -> file + " is absent; give its folder with -Dkumiko.data");
    return file;
  }
}
