package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.search.BothWays;
import dev.kumiko.search.ExactSearch;
import dev.kumiko.search.Neighbours;
import dev.kumiko.search.VectorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which line of Tatoeba each line finds: all-MiniLM-L6-v2 in fp32 with Kumiko's search against ONNX
 * Runtime's vectors in a plain double loop. The plain kernels, which are slower, take a sample.
 */
class BitextTest {
  private static final int SAMPLED = 200;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"deu", "fra"})
  void everyLineFindsWhatItFindsWithOnnxRuntime(String language) throws IOException {
    List<String> foreign = lines(language, language);
    List<String> english = lines(language, "eng");
    Models models = Models.prepare(folder);
    float[][] sources;
    float[][] targets;
    try (Engine reference = EngineKind.ONNXRUNTIME_FP32.load(models, 2)) {
      sources = reference.embed(foreign);
      targets = reference.embed(english);
    }
    try (Embedder embedder = Embedder.load(models.kumikoFp32());
        ExactSearch search = ExactSearch.cosine(2)) {
      BothWays found = search.bothWays(vectors(embedder, foreign), vectors(embedder, english), 1);
      assertFinds(sources, targets, found.forward(), language + " to eng");
      assertFinds(targets, sources, found.backward(), "eng to " + language);
    }
  }

  private static VectorSource vectors(Embedder embedder, List<String> texts) {
    return VectorSource.of(embedder.embedAll(texts).stream().map(Embedding::vector).toList());
  }

  private static List<String> lines(String language, String side) throws IOException {
    Path file =
        Path.of(
            System.getProperty("kumiko.data"), "tatoeba", "tatoeba." + language + "-eng." + side);
    assumeTrue(Files.exists(file), () -> file + " is absent; give its folder with -Dkumiko.data");
    List<String> lines = Files.readAllLines(file);
    assertEquals(1000, lines.size());
    return KernelChoice.kernels().name().equals("vector") ? lines : lines.subList(0, SAMPLED);
  }

  private static void assertFinds(
      float[][] from, float[][] to, Neighbours found, String direction) {
    int right = 0;
    for (int line = 0; line < from.length; line++) {
      int best = 0;
      double bestCosine = Double.NEGATIVE_INFINITY;
      for (int other = 0; other < to.length; other++) {
        double cosine = 0;
        for (int i = 0; i < to[other].length; i++) {
          cosine += (double) from[line][i] * to[other][i];
        }
        if (cosine > bestCosine) {
          best = other;
          bestCosine = cosine;
        }
      }
      assertEquals(best, found.index(line, 0), direction + ", line " + (line + 1));
      assertEquals(bestCosine, found.score(line, 0), 1e-5, direction + ", line " + (line + 1));
      right += best == line ? 1 : 0;
    }
    assertTrue(right > 0, direction + ": none is right");
    System.out.printf("%s: %d of %d are right%n", direction, right, from.length);
  }
}
