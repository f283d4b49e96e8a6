package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two ways in which LangChain4j embeds, in one process. */
class KumikoLangChain4jEngineTest {
  private static final List<String> TEXTS =
      List.of("A purlin carries the rafters of a roof.", "x", "The invoice is due on Friday.");

  @TempDir private Path folder;

  @Test
  void theAdapterGivesTheVectorsOfLangChain4jsOwnModelAndOfTheEngine() throws IOException {
    Models models = Models.prepare(folder);
    try (Engine peer = EngineKind.LANGCHAIN4J_FP32.load(models, 1);
        Engine adapter = EngineKind.KUMIKO_LANGCHAIN4J_FP32.load(models, 1)) {
      float[][] expected = peer.embed(TEXTS);
      double worst =
          Equality.check(EngineKind.KUMIKO_LANGCHAIN4J_FP32, expected, adapter.embed(TEXTS));
      assertTrue(worst > 0.99999, "cosine " + worst);
    }
    try (Engine adapter = EngineKind.KUMIKO_LANGCHAIN4J_INT8.load(models, 1);
        Engine engine = EngineKind.PLAIN_INT8.load(models, 1)) {
      float[][] expected = engine.embed(TEXTS);
      float[][] actual = adapter.embed(TEXTS);
      for (int i = 0; i < TEXTS.size(); i++) {
        assertArrayEquals(expected[i], actual[i], TEXTS.get(i));
      }
    }
  }

  @Test
  void closingTheEngineClosesItsModel() {
    Engine engine = KumikoLangChain4jEngine.of(null);
    engine.close();
    assertThrows(IllegalStateException.class, () -> engine.embed(TEXTS));
  }
}
