package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadTest {
  private static final Map<Workload, Integer> TOKENS =
      Map.of(
          Workload.ONE_16, 16, Workload.ONE_64, 64, Workload.ONE_128, 128, Workload.ONE_256, 256);

  @ParameterizedTest
  @EnumSource
  void textsHaveTheLengthsStated(Workload workload) throws IOException {
    assertEquals(workload.texts(), workload.texts());
    assertEquals(workload == Workload.MIXED_64 ? 64 : 1, workload.texts().size());
    try (Embedder embedder = Embedder.builder().maxTokens(512).loadDefault()) {
      for (String text : workload.texts()) {
        int tokens = embedder.tokenize(text).ids().length;
        assertEquals(text.split(" ").length + 2, tokens, "a word is a token: " + text);
        assertTrue(tokens >= 8 && tokens <= 256, tokens + " tokens");
        assertEquals(TOKENS.getOrDefault(workload, tokens), tokens);
      }
    }
  }

  @Test
  void aWrongVectorIsNotMeasured() {
    float[][] right = {{0.6f, 0.8f}};
    float[][] wrong = {{0.6f, 0.8001f}};
    float[][] other = {{0.8f, -0.6f}};
    Equality.check("kumiko-fp32", right, right);
    Equality.check("kumiko-int8", right, wrong);
    assertThrows(IllegalStateException.class, () -> Equality.check("kumiko-fp32", right, wrong));
    assertThrows(IllegalStateException.class, () -> Equality.check("kumiko-int8", right, other));
  }
}
