package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StsCommandTest {
  /** With a tie. */
  private static final double[] SCORES = {5, 1.5, 3, 3, 0.2, 4.25};

  @TempDir private Path folder;

  private Outcome eval(String csv) throws IOException {
    Path file = Files.writeString(folder.resolve("pairs.csv"), csv);
    return Outcome.of("eval", "sts", "-m", SmallModel.path(), file.toString());
  }

  @Test
  void correlatesTheReferencesCosines() throws IOException {
    List<String> texts = SmallModel.texts();
    StringBuilder csv = new StringBuilder();
    double[] cosines = new double[SCORES.length];
    for (int i = 0; i < SCORES.length; i++) {
      csv.append(quoted(texts.get(i))).append(',').append(quoted(texts.get(i + 6)));
      csv.append(',').append(SCORES[i]).append("\r\n");
      cosines[i] = SmallModel.cosine(i, i + 6);
    }
    String expected =
        String.format(
            Locale.ROOT,
            "pairs     6\nSpearman  %.2f\nPearson   %.2f\n",
            100 * pearson(ranks(cosines), ranks(SCORES)),
            100 * pearson(cosines, SCORES));
    assertEquals(expected, eval(csv.toString()).silent().out);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static double pearson(double[] x, double[] y) {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += x[i] / x.length;
      meanY += y[i] / y.length;
    }
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xy / Math.sqrt(xx * yy);
  }

  /** Equal values share the mean of their ranks. */
  private static double[] ranks(double[] values) {
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      for (double other : values) {
        ranks[i] += other < values[i] ? 1 : other == values[i] ? 0.5 : 0;
      }
    }
    return ranks;
  }

  @Test
  void malformedRowsAreNamed() throws IOException {
    Path file = folder.resolve("pairs.csv");
    eval("sentence1,sentence2,score\na,b,1\n")
        .failed(
            1, file + ": line 1 has the score \"score\", expected a number (a header has to go)");
    eval("a,b,1\n\"two\nlines\",b,2\nc,d\n")
        .failed(1, file + ": line 4 has 2 columns, expected 3: sentence, sentence, score");
    eval("a,b,1\nc,d,NaN\n").failed(1, file + ": line 2 has the score \"NaN\", expected a number");
    eval("").failed(1, file + ": holds 0 pairs of sentences, but a correlation needs at least 2");
    eval("a,b,1\nc,d,1\n")
        .failed(
            1, file + ": there is no correlation, because all scores or all cosines are the same");
    eval("a,b,1\n\"c,d,2\n")
        .failed(1, file + ": line 2 has a quote that opens column 1 and is never closed");
  }

  @Test
  void longSentencesAreNamedByTheirLine() throws IOException {
    Outcome outcome = eval("a,b,1\nroof," + "word ".repeat(100) + ",2\nc,d,3\n");
    assertEquals(
        "kumiko: warning: 1 of 6 texts was longer than 64 tokens and was cut; first: line 2"
            + System.lineSeparator(),
        outcome.err);
  }
}
