package dev.kumiko.allminilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The fp32 model against ONNX Runtime on the file it was converted from: every component, the
 * cosine and the norm, for the worst text. Both sides compute in float.
 */
class OnnxRuntimeTest {
  private static final double LARGEST_DIFFERENCE = 5e-6;
  private static final double SMALLEST_COSINE = 0.999999;
  private static final double LARGEST_NORM_ERROR = 1e-5;

  private static OnnxRuntimeReference reference;
  private static Embedder embedder;

  @BeforeAll
  static void load() throws IOException, OrtException {
    reference = new OnnxRuntimeReference();
    embedder = Embedder.load(Path.of(System.getProperty("kumiko.fp32")));
  }

  @AfterAll
  static void close() throws OrtException {
    embedder.close();
    reference.close();
  }

  @Test
  void theBackendAskedForIsTheOneThatRuns() {
    assertEquals(System.getProperty("kumiko.backend"), embedder.backend().name());
  }

  @Test
  void ownSentencesInManyScripts() throws IOException, OrtException {
    List<String> texts = new ArrayList<>();
    try (InputStream in = OnnxRuntimeTest.class.getResourceAsStream("/sentences.json")) {
      for (Json text : Json.parse("sentences.json", in).items()) {
        texts.add(text.asString());
      }
    }
    assertEquals(50, texts.size());
    compare(texts);
  }

  @Test
  void everyLineOfTheStsBenchmark() throws IOException, OrtException {
    compare(StsBenchmark.texts());
  }

  private static void compare(List<String> texts) throws OrtException {
    List<Embedding> embeddings = embedder.embedAll(texts);
    for (int text = 0; text < texts.size(); text++) {
      double[] expected = reference.embed(embedder.tokenize(texts.get(text)).ids());
      float[] actual = embeddings.get(text).vector();
      double worst = 0;
      double dot = 0;
      double squares = 0;
      for (int i = 0; i < expected.length; i++) {
        worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
        dot += expected[i] * actual[i];
        squares += (double) actual[i] * actual[i];
      }
      String where = "text %d, \"%s\"".formatted(text, texts.get(text));
      assertTrue(worst < LARGEST_DIFFERENCE, where + " is off by " + worst);
      assertEquals(1, Math.sqrt(squares), LARGEST_NORM_ERROR, where);
      assertTrue(dot / Math.sqrt(squares) > SMALLEST_COSINE, where + ": cosine " + dot);
    }
  }
}
