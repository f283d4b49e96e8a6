package dev.kumiko.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Beside LangChain4j's own in-process model of the same weights, in one process. */
class PeerTest {
  /** What ONNX Runtime's and Kumiko's orders of adding floats make of components below 0.3. */
  private static final double TOLERANCE = 1e-5;

  /** The peer cuts longer texts there, and does not say so. */
  private static final int PEERS_TOKENS = 128;

  private static List<TextSegment> texts(Embedder counter) {
    List<String> texts =
        new ArrayList<>(
            List.of(
                "A purlin carries the rafters of a roof.",
                "The invoice is due on Friday.",
                "Über die Dächer, 東京, emoji \uD83D\uDE00 and na\u00efve caf\u00e9s",
                "x",
                "[CLS] typed [SEP] tokens",
                "1,234.56 % of $ 789"));
    for (int words = 1; words < 120; words += 3) {
      texts.add(
          "the joiner fits thin strips of cedar without nails ".repeat(words / 9 + 1)
              + "roof ".repeat(words % 9));
    }
    return texts.stream()
        .filter(text -> counter.countTokens(text) <= PEERS_TOKENS)
        .map(TextSegment::from)
        .toList();
  }

  @Test
  void theVectorsAreEqual() {
    EmbeddingModel peer = new AllMiniLmL6V2EmbeddingModel();
    try (KumikoEmbeddingModel model =
        new KumikoEmbeddingModel(Path.of(System.getProperty("kumiko.fp32")))) {
      List<TextSegment> texts = texts(model.embedder());
      assertTrue(texts.size() > 30, texts.size() + " texts");
      List<Embedding> expected = peer.embedAll(texts).content();
      List<Embedding> actual = model.embedAll(texts).content();
      assertEquals(expected.size(), actual.size());
      assertEquals(peer.dimension(), model.dimension());
      for (int i = 0; i < expected.size(); i++) {
        assertEqual(expected.get(i).vector(), actual.get(i).vector(), "text " + i);
      }
    }
  }

  private static void assertEqual(float[] expected, float[] actual, String what) {
    assertEquals(expected.length, actual.length);
    double worst = 0;
    double dot = 0;
    double squares = 0;
    for (int k = 0; k < expected.length; k++) {
      worst = Math.max(worst, Math.abs((double) expected[k] - actual[k]));
      dot += (double) expected[k] * actual[k];
      squares += (double) actual[k] * actual[k];
    }
    assertTrue(worst <= TOLERANCE, "worst component of " + what + ": " + worst);
    assertEquals(1, Math.sqrt(squares), TOLERANCE, "length of " + what);
    assertEquals(1, dot, TOLERANCE, "cosine of " + what);
  }

  @Test
  void longerTextsAreWhatThePeerCutsThemTo() {
    EmbeddingModel peer = new AllMiniLmL6V2EmbeddingModel();
    String text = "the joiner fits thin strips of cedar without nails under the roof ".repeat(15);
    float[] expected = peer.embed(text).content().vector();
    try (KumikoEmbeddingModel same =
            KumikoEmbeddingModel.builder()
                .model(Path.of(System.getProperty("kumiko.fp32")))
                .maxTokens(PEERS_TOKENS)
                .build();
        KumikoEmbeddingModel whole =
            new KumikoEmbeddingModel(Path.of(System.getProperty("kumiko.fp32")))) {
      assertTrue(same.embedder().countTokens(text) > PEERS_TOKENS + 50);
      assertEqual(expected, same.embed(text).content().vector(), "the text cut");
      assertEqual(expected, peer.embed(text + "oak ".repeat(200)).content().vector(), "the peer's");
      float[] other = whole.embed(text).content().vector();
      double dot = 0;
      for (int k = 0; k < other.length; k++) {
        dot += (double) expected[k] * other[k];
      }
      assertTrue(dot < 0.9999, "cosine of the whole text: " + dot);
    }
  }
}
