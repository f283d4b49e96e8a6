package dev.kumiko.bench;

import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A program that measures the linear layers of MiniLM beside the CPU's peak. Both take turns, a few
 * milliseconds each, and the middle one of their ratios counts: what else the machine does, or a
 * neighbour on the same core, then disturbs both.
 */
final class KernelRates {
  private static final List<int[]> SHAPES =
      List.of(
          new int[] {384, 1152},
          new int[] {384, 384},
          new int[] {384, 1536},
          new int[] {1536, 384});

  private static final int[] ROWS = {1, 16, 128, 4096};

  /** Flags that let the vector kernels run from the first call. */
  static final String WARM = "-Dkumiko.warmup=off";

  private static final long ROUND_NANOS = 4_000_000;
  private static final int WARM_ROUNDS = 20;

  /** So many times a layer is measured; the middle one counts. */
  static final int ROUNDS = 30;

  private KernelRates() {}

  /**
   * One layer's speed.
   *
   * @param precision of the weights, fp32 or int8
   * @param rate floating-point operations a second, a multiplication and an addition being two
   * @param peak what the CPU can do
   */
  record Rate(String precision, int inputs, int outputs, int rows, double rate, double peak) {
    static Rate parse(String line) {
      String[] parts = line.split(" ", -1);
      return new Rate(
          parts[0],
          Integer.parseInt(parts[1]),
          Integer.parseInt(parts[2]),
          Integer.parseInt(parts[3]),
          Double.parseDouble(parts[4]),
          Double.parseDouble(parts[5]));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s %d %d %d %.3e %.3e", precision, inputs, outputs, rows, rate, peak);
    }

    double share() {
      return rate / peak;
    }
  }

  /** Prints one {@link Rate} a line. */
  public static void main(String[] args) {
    Kernels kernels = KernelChoice.kernels();
    for (int i = 0; i < 10 * WARM_ROUNDS; i++) {
      FmaPeak.rate();
    }
    for (boolean int8 : new boolean[] {false, true}) {
      for (int[] shape : SHAPES) {
        Linear linear = linear(kernels, shape[0], shape[1], int8);
        for (int rows : ROWS) {
          System.out.println(measure(linear, int8 ? "int8" : "fp32", rows));
        }
      }
    }
  }

  private static Linear linear(Kernels kernels, int inputs, int outputs, boolean int8) {
    Random random = new Random(1);
    float[] bias = new float[outputs];
    if (int8) {
      byte[] weight = new byte[outputs * inputs];
      random.nextBytes(weight);
      float[] scales = new float[outputs];
      Arrays.fill(scales, 0.001f);
      return kernels.linear(weight, scales, bias, outputs, inputs);
    }
    return kernels.linear(values(outputs * inputs, random), bias, outputs, inputs);
  }

  private static float[] values(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Rate measure(Linear linear, String precision, int rows) {
    float[] x = values(rows * linear.inputs(), new Random(2));
    float[] y = new float[rows * linear.outputs()];
    Scratch scratch = new Scratch();
    double operations = 2.0 * rows * linear.inputs() * linear.outputs();
    Rate[] rounds = new Rate[ROUNDS];
    double peak = FmaPeak.rate();
    for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long calls = 0;
      long nanos;
      do {
        linear.apply(x, 0, rows, y, 0, scratch);
        calls++;
        nanos = System.nanoTime() - start;
      } while (nanos < ROUND_NANOS);
      double before = peak;
      peak = FmaPeak.rate();
      if (round >= 0) {
        rounds[round] =
            new Rate(
                precision,
                linear.inputs(),
                linear.outputs(),
                rows,
                calls * operations * 1e9 / nanos,
                (before + peak) / 2);
      }
    }
    Arrays.sort(rounds, Comparator.comparingDouble(Rate::share));
    return rounds[ROUNDS / 2];
  }

  /** Runs the program. */
  static List<Rate> run(Path log, List<String> more) throws IOException {
    List<String> flags = new ArrayList<>(EngineKind.KUMIKO_FP32.jvmFlags(more));
    flags.add(WARM);
    return ChildJvm.run(log, flags, System.getProperty("java.class.path"), KernelRates.class)
        .lines()
        .stream()
        .map(Rate::parse)
        .toList();
  }
}
