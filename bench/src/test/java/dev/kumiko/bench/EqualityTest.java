package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EqualityTest {
  private static final float[][] RIGHT = {{1, 0}, {0.6f, 0.8f}};
  private static final float[][] NEAR = {{1, 0}, {0.6f, 0.8001f}};
  private static final float[][] OTHER = {{1, 0}, {0.8f, -0.6f}};

  @Test
  void aWrongVectorIsNotMeasured() {
    assertEquals(1, Equality.check(EngineKind.KUMIKO_FP32, RIGHT, RIGHT), 1e-7);
    assertEquals(1, Equality.check(EngineKind.KUMIKO_INT8, RIGHT, NEAR), 1e-4);
    assertEquals(0, Equality.check(EngineKind.JLAMA_FP32, RIGHT, OTHER), 1e-7);
    String message = refusal(EngineKind.ONNXRUNTIME_FP32_BATCHED, NEAR);
    assertTrue(message.startsWith("onnxruntime-fp32-batched is wrong at text 1: off by"), message);
    assertTrue(refusal(EngineKind.PLAIN_INT8, OTHER).contains("at text 1"));
    assertEquals(
        "kumiko-fp32 gave 1 vectors for 2 texts",
        refusal(EngineKind.KUMIKO_FP32, new float[][] {{1, 0}}));
  }

  @Test
  void notANumberIsWrong() {
    float[][] nan = {{1, 0}, {Float.NaN, 0.8f}};
    assertTrue(refusal(EngineKind.KUMIKO_FP32, nan).contains("at text 1"));
    assertTrue(refusal(EngineKind.KUMIKO_INT8, nan).contains("at text 1"));
  }

  private static String refusal(EngineKind engine, float[][] actual) {
    return assertThrows(IllegalStateException.class, () -> Equality.check(engine, RIGHT, actual))
        .getMessage();
  }

  @Test
  void theReferenceIsReadAsItWasWritten(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("vectors");
    Reference.write(file, NEAR);
    float[][] read = Reference.read(file);
    assertEquals(2, read.length);
    assertArrayEquals(NEAR[1], read[1]);
  }
}
