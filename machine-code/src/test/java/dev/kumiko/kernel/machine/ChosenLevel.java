package dev.kumiko.kernel.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.QuantizedLevel;
import dev.kumiko.kernel.ScalarKernels;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.kernel.SettingException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.Arrays;
import java.util.Random;

/** Says which kernels a JVM has chosen, and whether they compute what they should. */
final class ChosenLevel {
  private ChosenLevel() {}

  /** With "hardened" no memory becomes executable any more that was not so from the beginning. */
  public static void main(String[] arguments) throws Throwable {
    if (Arrays.asList(arguments).contains("hardened")) {
      harden();
    }
    try {
      Kernels kernels = KernelChoice.kernels();
      say("below: " + kernels.name());
      say("fast: " + kernels.quantizesFast());
      level(kernels);
      if (Arrays.asList(arguments).contains("work")) {
        work(kernels);
        level(kernels);
      }
    } catch (SettingException e) {
      say("refused: " + e.getMessage());
    }
  }

  private static void level(Kernels kernels) {
    QuantizedLevel level = kernels.quantizedLevel().orElseThrow();
    say("missing: " + level.missing());
    say("pending: " + level.pending());
  }

  /** Computes one layer until its code is there, or known not to come. */
  private static void work(Kernels kernels) throws InterruptedException {
    try (Arena arena = Arena.ofConfined()) {
      Layer layer = Layer.random(Level.AVX2, 64, 64, 16, 1, arena);
      Linear linear =
          kernels.linear(layer.weight, layer.scales, layer.bias, layer.outputs, layer.input);
      Linear below =
          new ScalarKernels()
              .linear(layer.weight, layer.scales, layer.bias, layer.outputs, layer.input);
      float[] x = Layer.normal(new Random(1), 100 * 64);
      float[] first = apply(linear, x);
      String waiting = "the machine code is prepared once there has been more to do";
      for (int i = 0; i < 10_000 && pending(kernels).equals(waiting); i++) {
        apply(linear, x);
      }
      for (int i = 0; i < 1_000 && !pending(kernels).isEmpty(); i++) {
        Thread.sleep(20);
      }
      float[] last = apply(linear, x);
      String idle = "are compiled once there has been more to do";
      say("the level below is compiled, too: " + !kernels.plainBecause().endsWith(idle));
      say("the same bits: " + Arrays.equals(first, last));
      say("the bits of the level below: " + Arrays.equals(apply(below, x), last));
    }
  }

  private static String pending(Kernels kernels) {
    return kernels.quantizedLevel().orElseThrow().pending();
  }

  private static float[] apply(Linear linear, float[] x) {
    float[] y = new float[100 * 64];
    linear.apply(x, 0, 100, y, 0, new Scratch());
    return y;
  }

  /** {@code prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN)} of Linux 6.3. */
  @SuppressWarnings("restricted")
  private static void harden() throws Throwable {
    Linker linker = Linker.nativeLinker();
    var prctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    say("hardened: " + ((int) prctl.invokeExact(65, 1L, 0L, 0L, 0L) == 0));
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
