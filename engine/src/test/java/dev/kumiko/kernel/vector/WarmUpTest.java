package dev.kumiko.kernel.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.kernel.HalfLinear;
import dev.kumiko.kernel.HalfType;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Scratch;
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

  @Test
  void aTypeOf16BitsThatComesLaterIsCompiledToo() throws InterruptedException {
    WarmUp warmUp = WarmUp.never();
    warmUp.run(60_000_000_000L);
    assertTrue(warmUp.isDone());
    VectorKernels kernels = new VectorKernels(warmUp);
    HalfLinear half = kernels.half(HalfType.BF16, 8, 8);
    assertFalse(warmUp.isDone());
    String reason = kernels.plainBecause();
    assertTrue(reason.contains("are compiled for BF16 once there is something to do"), reason);
    half.apply(new float[8], 0, 1, new float[8], 0, new Scratch());
    long end = System.nanoTime() + 60_000_000_000L;
    while (!warmUp.isDone() && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertEquals("", kernels.plainBecause());
    kernels.half(HalfType.BF16, 8, 8);
    assertTrue(warmUp.isDone(), "it is compiled already");
    WarmUp over = WarmUp.over();
    over.include(HalfType.F16);
    assertTrue(over.isDone(), "it was switched off");
  }
}
