package dev.kumiko.allminilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.Int8Activations;
import dev.kumiko.format.ModelDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What int8 costs: int8 models against the fp32 model they were made from. */
class Int8Test {
  private static final Path WITH_INT8_ACTIVATIONS =
      Path.of(System.getProperty("kumiko.int8Activations"));

  private static List<String> texts;
  private static List<Embedding> expected;

  @BeforeAll
  static void embed() throws IOException {
    texts = StsBenchmark.texts();
    try (Embedder fp32 = Embedder.load(Path.of(System.getProperty("kumiko.fp32")))) {
      expected = fp32.embedAll(texts);
    }
  }

  @Test
  void vectorsStayCloseToFp32() throws IOException {
    try (Embedder int8 = Embedder.loadDefault()) {
      assertEquals(
          Optional.empty(), ((ModelDescription) int8.model()).architecture().int8Activations());
      assertClose("int8 weights", int8, 0.9995, 0.998);
    }
  }

  @Test
  void vectorsStayCloseWithInt8Activations() throws IOException {
    try (Embedder int8 = Embedder.load(WITH_INT8_ACTIVATIONS)) {
      assertEquals(
          Optional.of(new Int8Activations(32, 80)),
          ((ModelDescription) int8.model()).architecture().int8Activations());
      assertClose("int8 weights and activations", int8, 0.995, 0.985);
    }
    assertTrue(Files.size(WITH_INT8_ACTIVATIONS) < 24_000_000);
  }

  private static void assertClose(String what, Embedder int8, double leastMean, double leastWorst) {
    List<Embedding> actual = int8.embedAll(texts);
    double sum = 0;
    double worst = 1;
    for (int i = 0; i < texts.size(); i++) {
      double cosine = expected.get(i).cosine(actual.get(i));
      sum += cosine;
      worst = Math.min(worst, cosine);
    }
    double mean = sum / texts.size();
    System.out.printf("%s against fp32: mean cosine %.6f, worst %.6f%n", what, mean, worst);
    assertTrue(mean >= leastMean, "mean cosine " + mean);
    assertTrue(worst >= leastWorst, "worst cosine " + worst);
  }
}
