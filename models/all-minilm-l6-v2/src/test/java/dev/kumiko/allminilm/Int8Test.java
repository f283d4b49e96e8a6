package dev.kumiko.allminilm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What int8 costs: the default model against the fp32 model it was made from. */
class Int8Test {
  @Test
  void vectorsStayCloseToFp32() throws IOException {
    List<String> texts = StsBenchmark.texts();
    List<Embedding> expected;
    List<Embedding> actual;
    try (Embedder fp32 = Embedder.load(Path.of(System.getProperty("kumiko.fp32")));
        Embedder int8 = Embedder.loadDefault()) {
      expected = fp32.embedAll(texts);
      actual = int8.embedAll(texts);
    }
    double sum = 0;
    double worst = 1;
    for (int i = 0; i < texts.size(); i++) {
      double cosine = expected.get(i).cosine(actual.get(i));
      sum += cosine;
      worst = Math.min(worst, cosine);
    }
    double mean = sum / texts.size();
    System.out.printf("int8 against fp32: mean cosine %.6f, worst %.6f%n", mean, worst);
    assertTrue(mean >= 0.9995, "mean cosine " + mean);
    assertTrue(worst >= 0.998, "worst cosine " + worst);
  }
}
