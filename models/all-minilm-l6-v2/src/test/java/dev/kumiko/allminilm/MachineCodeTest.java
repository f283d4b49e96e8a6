package dev.kumiko.allminilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Precision;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.QuantizedLevel;
import dev.kumiko.train.evaluate.Correlation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The file of {@code --activations int8} on the assembled kernels, against fp32. */
class MachineCodeTest {
  private static final Path FP32 = Path.of(System.getProperty("kumiko.fp32"));
  private static final Path INT8 = Path.of(System.getProperty("kumiko.int8Activations"));

  @BeforeAll
  static void onlyWhereTheyRun() {
    Optional<QuantizedLevel> level = KernelChoice.kernels().quantizedLevel();
    assumeTrue(level.isPresent(), "another backend is asked for");
    assumeTrue(level.get().missing().isEmpty(), level.get().missing());
  }

  private static Embedder machine() throws IOException {
    Embedder embedder = Embedder.builder().precision(Precision.FASTEST).load(INT8);
    assertEquals("machine", embedder.backend().name());
    assertTrue(embedder.backend().int8Activations());
    return embedder;
  }

  @Test
  void vectorsStayCloseToFp32AndOrderPairsAsWell() throws IOException {
    List<String> texts = StsBenchmark.texts();
    double[] scores = StsBenchmark.scores();
    try (Embedder fp32 = Embedder.load(FP32);
        Embedder int8 = machine()) {
      List<Embedding> expected = fp32.embedAll(texts);
      List<Embedding> actual = int8.embedAll(texts);
      double sum = 0;
      double worst = 1;
      for (int i = 0; i < texts.size(); i++) {
        double cosine = expected.get(i).cosine(actual.get(i));
        sum += cosine;
        worst = Math.min(worst, cosine);
      }
      double mean = sum / texts.size();
      double spearman = spearman(actual, scores);
      System.out.printf(
          "machine code (%s) against fp32: mean cosine %.6f, worst %.6f, Spearman %.2f%n",
          int8.backend().tile(), mean, worst, spearman);
      assertTrue(mean >= 0.9975, "mean cosine " + mean);
      assertTrue(worst >= 0.99, "worst cosine " + worst);
      assertEquals(86.72, spearman(expected, scores), 0.01);
      assertEquals(86.72, spearman, 0.1);
    }
  }

  private static double spearman(List<Embedding> vectors, double[] scores) {
    double[] cosines = new double[scores.length];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = vectors.get(2 * i).cosine(vectors.get(2 * i + 1));
    }
    return 100 * Correlation.spearman(cosines, scores);
  }

  @Test
  void aTextHasOneVectorWhateverThreadsAndNeighboursThereAre() throws IOException {
    List<String> texts =
        List.of("", "A purlin carries the rafters of a roof.", "word ".repeat(200), "Two.");
    try (Embedder one = Embedder.builder().precision(Precision.FASTEST).threads(1).load(INT8);
        Embedder four = Embedder.builder().precision(Precision.FASTEST).threads(4).load(INT8)) {
      List<Embedding> together = four.embedAll(texts);
      for (int i = 0; i < texts.size(); i++) {
        float[] alone = one.embed(texts.get(i)).vector();
        assertTrue(Arrays.equals(alone, together.get(i).vector()), "text " + i);
        assertTrue(Arrays.equals(alone, four.embed(texts.get(i)).vector()), "text " + i);
      }
    }
  }

  @Test
  void otherModelsAndPrecisionsAreComputedBelow() throws IOException {
    try (Embedder closest = Embedder.load(INT8);
        Embedder fp32 = Embedder.builder().precision(Precision.FASTEST).load(FP32)) {
      assertFalse(closest.backend().name().equals("machine"), closest.backend().toString());
      assertFalse(fp32.backend().name().equals("machine"), fp32.backend().toString());
    }
  }

  @Test
  void closingWaitsForCallsAndEndsTheWeights() throws Exception {
    for (int i = 0; i < 8; i++) {
      Embedder embedder = machine();
      List<String> texts = Collections.nCopies(8, "word ".repeat(100));
      Thread caller =
          new Thread(
              () -> {
                try {
                  while (true) {
                    embedder.embedAll(texts);
                  }
                } catch (IllegalStateException e) {
                  // Closed between two calls.
                  closed = e.getMessage();
                }
              });
      closed = "";
      caller.start();
      Thread.sleep(5 + 3L * i);
      embedder.close();
      caller.join();
      assertTrue(closed.contains("closed"), closed);
    }
  }

  private volatile String closed;
}
