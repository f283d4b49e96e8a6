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
}
