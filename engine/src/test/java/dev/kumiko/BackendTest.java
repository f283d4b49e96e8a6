package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.kernel.KernelChoice;
import org.junit.jupiter.api.Test;

/** The build runs the tests once per backend; a run with another backend than asked for fails. */
class BackendTest {
  @Test
  void theBackendAskedForIsTheOneThatRuns() {
    assertEquals(System.getProperty("kumiko.backend"), KernelChoice.kernels().name());
  }

  @Test
  void theVectorWidthAskedForIsTheOneThatRuns() {
    Integer bits = Integer.getInteger("kumiko.vectorBits");
    int actual = KernelChoice.kernels().vectorBits();
    assertEquals(bits == null ? actual : bits, actual);
    assertEquals(KernelChoice.kernels().name().equals("vector"), actual > 0);
  }
}
