package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Kernels that assume shapes say so where assertions are on, as in tests. */
class ShapesTest {
  private static String refusal(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(AssertionError.class, call).getMessage();
  }

  @Test
  void aMatrixThatDoesNotFitIsNamedWithItsNumbers() {
    float[] array = new float[20];
    assertTrue(Shapes.matrix("x", array, 8, 3, 4));
    assertTrue(Shapes.matrix("x", array, 20, 0, 4));
    assertTrue(Shapes.matrix("x", array, 6, 3, 4, 5));
    assertEquals(
        "x: [3][4] from 9 on, rows 4 apart, in an array of 20",
        refusal(() -> Shapes.matrix("x", array, 9, 3, 4)));
    assertThrows(AssertionError.class, () -> Shapes.matrix("x", array, -1, 1, 4));
    assertThrows(AssertionError.class, () -> Shapes.matrix("x", array, 0, 1 << 16, 1 << 16));
    assertEquals("rows: from 2 to 5 of 4", refusal(() -> Shapes.range("rows", 2, 5, 4)));
  }

  @Test
  void kernelsOfEveryKindLook() {
    Kernels kernels = KernelChoice.kernels();
    Scratch scratch = new Scratch();
    Linear linear = kernels.linear(new float[12], new float[3], 3, 4);
    float[] x = new float[8];
    linear.apply(x, 0, 2, new float[6], 0, scratch);
    assertThrows(AssertionError.class, () -> linear.apply(x, 1, 2, new float[6], 0, scratch));
    assertThrows(AssertionError.class, () -> linear.apply(x, 0, 2, new float[5], 0, scratch));
    assertThrows(AssertionError.class, () -> linear.apply(x, 0, 1, x, 4, scratch));
    LayerNorm norm = new LayerNorm(new float[4], new float[4], 1e-5f);
    assertThrows(AssertionError.class, () -> kernels.addAndNormalize(x, new float[4], 0, 2, norm));
    Heads heads = Heads.plain(1, 4);
    Queries queries = Queries.all(0, 2);
    assertThrows(AssertionError.class, () -> Shapes.attend(x, queries, heads, new float[8]));
  }
}
