package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairsCommandTest {
  @TempDir private Path folder;

  @Test
  void findsWhatTheReferenceFinds() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    List<String> texts = SmallModel.texts();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (!text.isBlank() && texts.indexOf(text) == i && text.matches("[ -~]+")) {
        numbers.add(i);
      }
    }
    List<Double> cosines = new ArrayList<>();
    for (int i : numbers) {
      for (int j : numbers) {
        if (i < j && SmallModel.cosine(i, j) > 0.9) {
          cosines.add(SmallModel.cosine(i, j));
        }
      }
    }
    cosines.sort((a, b) -> Double.compare(b, a));
    assertTrue(cosines.size() > 2, cosines + " tells nothing");
    Path file =
        Files.writeString(
            folder.resolve("texts"), String.join("\n", numbers.stream().map(texts::get).toList()));
    Outcome outcome =
        Outcome.of("pairs", "-m", SmallModel.path(), "--min-score", "0.9", file.toString());
    List<String> lines = outcome.out.lines().toList();
    assertEquals(cosines.size(), lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(cosines.get(i), Double.parseDouble(lines.get(i).split("\t", -1)[0]), 1e-5);
    }
  }

  @Test
  void repeatsArePairedWithTheFirst() throws IOException {
    Path file = Files.writeString(folder.resolve("texts"), "roof\n\nroof\nroof\n");
    Outcome outcome =
        Outcome.of("pairs", "-m", SmallModel.path(), "--min-score", "0.99", file.toString());
    assertEquals("1.0\t1\t3\troof\troof\n1.0\t1\t4\troof\troof\n", outcome.out);
    Outcome top =
        Outcome.of(
            "pairs", "-m", SmallModel.path(), "--min-score", "0.99", "--top", "1", file.toString());
    assertEquals("1.0\t1\t3\troof\troof\n", top.out);
    assertTrue(top.err.contains("there are more than 1 pairs; these are the best"), top.err);
    Outcome.of("pairs", "--min-score", "2", file.toString())
        .failed(2, "--min-score is a cosine, from -1 to 1, not 2.0");
    Files.writeString(file, "\n\n");
    Outcome empty = Outcome.of("pairs", "--min-score", "1", file.toString());
    assertTrue(empty.err.contains(file + ": all 2 lines are empty"), empty.err);
  }
}
