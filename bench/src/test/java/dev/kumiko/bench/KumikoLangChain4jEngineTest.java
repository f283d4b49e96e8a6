package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The two ways in which LangChain4j embeds, in one process. */
class KumikoLangChain4jEngineTest {
  private static final List<String> TEXTS =
      List.of("A purlin carries the rafters of a roof.", "x", "The invoice is due on Friday.");

  /** Made where the default model is. */
  private static final Path FP32 =
      Path.of("..", "models", "all-minilm-l6-v2", "target", "all-minilm-l6-v2-fp32.safetensors");

  /** Needed by the engines that take no default model, and by none here. */
  private static final Models NO_FILES = new Models(Path.of("no", "such", "folder"));

  @Test
  void theAdapterGivesTheVectorsOfLangChain4jsOwnModelAndOfTheEngine() {
    try (Engine peer = EngineKind.LANGCHAIN4J_FP32.load(NO_FILES, 1);
        Engine adapter = KumikoLangChain4jEngine.of(FP32)) {
      float[][] expected = peer.embed(TEXTS);
      double worst =
          Equality.check(EngineKind.KUMIKO_LANGCHAIN4J_FP32, expected, adapter.embed(TEXTS));
      assertTrue(worst > 0.99999, "cosine " + worst);
    }
    try (Engine adapter = EngineKind.KUMIKO_LANGCHAIN4J_INT8.load(NO_FILES, 1);
        Engine engine = EngineKind.PLAIN_INT8.load(NO_FILES, 1)) {
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
