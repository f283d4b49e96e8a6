package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.ScalarKernels;
import dev.kumiko.kernel.Scratch;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who computes what, and whose memory it is. */
class MachineKernelsTest {
  private static final Kernels BELOW = new ScalarKernels();

  private static Linear linear(Kernels kernels, Layer layer) {
    return kernels.linear(layer.weight, layer.scales, layer.bias, layer.outputs, layer.input);
  }

  private static float[] apply(Linear linear, int rows) {
    float[] y = new float[rows * linear.outputs()];
    float[] x = Layer.normal(new Random(2), rows * linear.inputs());
    linear.apply(x, 0, rows, y, 0, new Scratch());
    return y;
  }

  private static Layer layer() {
    return Layer.random(Level.AVX2, 40, 67, 16, 1, Arena.ofAuto());
  }

  @Test
  void plainJavaComputesTheSameBitsUntilTheCodeIsThere() {
    MachineCode code = MachineCode.of(Level.AVX2);
    Kernels kernels = new MachineKernels(BELOW, code);
    assertEquals(
        "the machine code is prepared once there has been more to do",
        kernels.quantizedLevel().orElseThrow().pending());
    Linear linear = linear(kernels, layer());
    float[] before = apply(linear, 5);
    Machine.code(Level.AVX2);
    code.load();
    assertEquals("", kernels.quantizedLevel().orElseThrow().pending());
    assertArrayEquals(before, apply(linear, 5));
    assertTrue(kernels.quantizesFast());
  }

  @Test
  void theKernelsBelowComputeWhatCodeNeverWill() {
    Kernels never = new MachineKernels(BELOW, MachineCode.missing("a test"));
    assertEquals("a test", never.quantizedLevel().orElseThrow().missing());
    Layer layer = layer();
    assertArrayEquals(apply(linear(BELOW, layer), 5), apply(linear(never, layer), 5));
    assertEquals(BELOW.quantizesFast(), never.quantizesFast());
    assertSame(never, never.forModel());
  }

  @Test
  void sumsThatAreTooLargeAreComputedBelow() {
    byte[] weight = new byte[1200];
    Arrays.fill(weight, (byte) 127);
    Layer small = Layer.random(Level.AVX2, 1, 1200, 1, 1, Arena.ofAuto());
    Kernels kernels = new MachineKernels(BELOW, MachineCode.of(Level.AVX2));
    Linear linear = kernels.linear(weight, small.scales, small.bias, 1, small.input);
    assertEquals(
        BELOW.linear(weight, small.scales, small.bias, 1, small.input).getClass(),
        linear.getClass());
    assertInstanceOf(MachineLinear.class, linear(kernels, small));
  }

  @Test
  void theMemoryOfAModelEndsWithIt() {
    MachineCode code = Machine.code(Level.AVX2);
    Kernels process = new MachineKernels(BELOW, code);
    Kernels model = process.forModel();
    Kernels other = process.forModel();
    Layer layer = layer();
    Linear closed = linear(model, layer);
    Linear open = linear(other, layer);
    Linear unowned = linear(process, layer);
    float[] y = apply(closed, 3);
    model.close();
    model.close();
    assertThrows(IllegalStateException.class, () -> apply(closed, 3));
    assertArrayEquals(y, apply(open, 3));
    process.close();
    assertArrayEquals(y, apply(unowned, 3));
    other.close();
    process.forModel().close();
  }
}
