package dev.kumiko.kernel.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.kernel.KernelChoice;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void isOverAtOnceWhenItIsOff() {
    assertEquals("off", System.getProperty("kumiko.warmup"), "tests compute with vectors at once");
    assertTrue(WarmUp.whenWorthwhile().isDone());
    assertTrue(WarmUp.over().isDone());
    assertFalse(WarmUp.never().isDone());
  }

  @Test
  void theBackendIsTheVectorBackendFromTheStart() {
    assertEquals("vector", ColdKernels.create().name());
    assertEquals(KernelChoice.kernels().vectorBits(), ColdKernels.create().vectorBits());
  }

  @Test
  void saysWhatKeepsItAndTriesAgainAfterGivingUp() {
    WarmUp warmUp = WarmUp.never();
    VectorKernels kernels = new VectorKernels(warmUp);
    warmUp.run(0);
    assertFalse(warmUp.isDone());
    String reason = kernels.plainBecause();
    assertTrue(reason.contains("were not fast after 0 s; they are tried again later"), reason);
    warmUp.run(60_000_000_000L);
    assertTrue(warmUp.isDone());
    assertEquals("", kernels.plainBecause());
  }
}
