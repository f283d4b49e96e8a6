package dev.kumiko.bench;

import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.ScalarKernels;
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
 * milliseconds each. Of the third of the rounds in which the peak was highest, when nothing else
 * used the core, the middle ratio counts.
 */
final class KernelRates {
  private static final List<int[]> SHAPES =
      List.of(
          new int[] {384, 1152},
          new int[] {384, 384},
          new int[] {384, 1536},
          new int[] {1536, 384});

  private static final int[] ROWS = {1, 16, 128, 4096};

  /**
   * What a {@link Rate} of the product has that gives a layer's weights their gradient, in fp32.
   */
  static final String GRADIENT = "gradient";

  private static final int[] TRAINING_ROWS = {128, 512, 4096};

  private static final String FLOATS = "fp32";

  /** What a {@link Rate} of the plain-Java kernels has as its precision, which is fp32. */
  static final String PLAIN = "plain";

  static final int PLAIN_ROWS = 128;

  /** Flags that let the vector kernels run from the first call. */
  static final String WARM = "-Dkumiko.warmup=off";

  private static final long ROUND_NANOS = 4_000_000;
  private static final int WARM_ROUNDS = 20;

  /** So many times a layer is measured. */
  static final int ROUNDS = 30;

  private KernelRates() {}

  /**
   * One layer's speed.
   *
   * @param precision of the weights, fp32 or int8, or {@link #PLAIN} or {@link #GRADIENT}
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

  /**
   * What one process found.
   *
   * @param tile bits of a vector, rows and vectors of a tile
   */
  record Rates(String tile, List<Rate> all) {
    /** Returns the lowest share of the peak among layers. */
    double lowest(String precision, int rows) {
      return all.stream()
          .filter(rate -> rate.precision().equals(precision) && rate.rows() == rows)
          .mapToDouble(Rate::share)
          .min()
          .orElse(Double.NaN);
    }
  }

  /** Prints the tile, then one {@link Rate} a line. */
  public static void main(String[] args) {
    Kernels kernels = KernelChoice.kernels();
    System.out.println(kernels.vectorBits() + " bits, " + kernels.tile());
    for (int i = 0; i < 10 * WARM_ROUNDS; i++) {
      FmaPeak.rate();
    }
    for (boolean int8 : new boolean[] {false, true}) {
      for (int[] shape : SHAPES) {
        Linear linear = linear(kernels, shape[0], shape[1], int8);
        for (int rows : ROWS) {
          System.out.println(measure(linear, int8 ? "int8" : FLOATS, rows));
        }
      }
    }
    for (int[] shape : SHAPES) {
      for (int rows : TRAINING_ROWS) {
        System.out.println(gradient(kernels, shape[0], shape[1], rows));
      }
    }
    for (int[] shape : SHAPES) {
      Linear linear = linear(new ScalarKernels(), shape[0], shape[1], false);
      System.out.println(measure(linear, PLAIN, PLAIN_ROWS));
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

  /** Measures a layer with random weights in fp32. */
  static Rate measure(Kernels kernels, int inputs, int outputs, int rows) {
    return measure(linear(kernels, inputs, outputs, false), FLOATS, rows);
  }

  private static Rate measure(Linear linear, String precision, int rows) {
    float[] x = values(rows * linear.inputs(), new Random(2));
    float[] y = new float[rows * linear.outputs()];
    Scratch scratch = new Scratch();
    return measure(
        () -> linear.apply(x, 0, rows, y, 0, scratch),
        precision,
        linear.inputs(),
        linear.outputs(),
        rows);
  }

  private static Rate gradient(Kernels kernels, int inputs, int outputs, int rows) {
    float[] x = values(rows * inputs, new Random(3));
    float[] gradient = values(rows * outputs, new Random(4));
    float[] sums = new float[outputs * inputs];
    Scratch scratch = new Scratch();
    return measure(
        () ->
            kernels.addOuterProducts(
                gradient, outputs, 0, outputs, x, inputs, rows, sums, 0, scratch),
        GRADIENT,
        inputs,
        outputs,
        rows);
  }

  private static Rate measure(
      Runnable operation, String precision, int inputs, int outputs, int rows) {
    double operations = 2.0 * rows * inputs * outputs;
    Rate[] rounds = new Rate[ROUNDS];
    double peak = FmaPeak.rate();
    for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long calls = 0;
      long nanos;
      do {
        operation.run();
        calls++;
        nanos = System.nanoTime() - start;
      } while (nanos < ROUND_NANOS);
      double before = peak;
      peak = FmaPeak.rate();
      if (round >= 0) {
        rounds[round] =
            new Rate(
                precision,
                inputs,
                outputs,
                rows,
                calls * operations * 1e9 / nanos,
                (before + peak) / 2);
      }
    }
    Arrays.sort(rounds, Comparator.comparingDouble(Rate::peak).reversed());
    Rate[] quiet = Arrays.copyOf(rounds, ROUNDS / 3);
    Arrays.sort(quiet, Comparator.comparingDouble(Rate::share));
    return quiet[quiet.length / 2];
  }

  /** Returns the flags of a process whose kernels are measured. */
  static List<String> flags(List<String> more) {
    List<String> flags = new ArrayList<>(EngineKind.KUMIKO_FP32.jvmFlags(more));
    flags.add(WARM);
    return flags;
  }

  /** Runs the program. */
  static Rates run(Path log, List<String> more) throws IOException {
    String classPath = System.getProperty("java.class.path");
    List<String> lines = ChildJvm.run(log, flags(more), classPath, KernelRates.class).lines();
    return new Rates(lines.getFirst(), lines.stream().skip(1).map(Rate::parse).toList());
  }
}
