package dev.kumiko.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import org.junit.jupiter.api.Test;

class ParameterTest {
  @Test
  void valuesThatDoNotFillTheShapeAreRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Parameter("p", Kind.WEIGHT, 2, 3, new float[5]));
    assertEquals("p: 5 values for 2 x 3", e.getMessage());
  }

  @Test
  void aClearedGradientIsZero() {
    Parameter p = new Parameter("p", Kind.WEIGHT, 1, 2, new float[2]);
    p.gradient()[1] = 3;
    p.clearGradient();
    assertArrayEquals(new float[2], p.gradient());
  }
}
