package dev.kumiko.bench;

import dev.kumiko.bench.report.Table;
import dev.kumiko.kernel.HalfLinear;
import dev.kumiko.kernel.HalfType;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A program that measures layers with 16-bit weights beside the same ones in fp32, which take turns
 * of a few milliseconds. They are larger than the caches of a core, as those of large models are.
 */
final class HalfRates {
  private static final List<int[]> SHAPES = List.of(new int[] {1024, 3072}, new int[] {3072, 1024});

  private static final int[] ROWS = {1, 4, 16, 128};

  /** With fewer rows a layer waits for its weights: half of them have to be faster. */
  private static final int FEW_ROWS = 16;

  private static final double FEW_ROWS_RATIO = 1;
  private static final double MANY_ROWS_RATIO = 0.9;

  private static final long ROUND_NANOS = 4_000_000;
  private static final int WARM_ROUNDS = 20;
  private static final int ROUNDS = 30;

  private HalfRates() {}

  /**
   * One layer's speed.
   *
   * @param type of the weights
   * @param micros a pass takes
   * @param floatMicros the same in fp32 takes
   */
  record Rate(String type, int inputs, int outputs, int rows, double micros, double floatMicros) {
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
          Locale.ROOT, "%s %d %d %d %.3e %.3e", type, inputs, outputs, rows, micros, floatMicros);
    }

    double ratio() {
      return floatMicros / micros;
    }
  }

  /** Prints one {@link Rate} a line. */
  public static void main(String[] args) {
    Kernels kernels = KernelChoice.kernels();
    for (int[] shape : SHAPES) {
      List<Linear> layers = layers(kernels, shape[0], shape[1]);
      for (int rows : ROWS) {
        double[] micros = measure(layers, rows);
        int layer = 1;
        for (HalfType type : HalfType.values()) {
          System.out.println(
              new Rate(type.name(), shape[0], shape[1], rows, micros[layer++], micros[0]));
        }
      }
    }
  }

  /** Returns a layer in fp32, and one of each type. */
  private static List<Linear> layers(Kernels kernels, int inputs, int outputs) {
    Random random = new Random(1);
    short[] weight = new short[outputs * inputs];
    float[] wide = new float[weight.length];
    for (int i = 0; i < weight.length; i++) {
      wide[i] = (float) random.nextGaussian() / 50;
    }
    List<Linear> layers = new ArrayList<>();
    layers.add(kernels.linear(wide, new float[outputs], outputs, inputs));
    for (HalfType type : HalfType.values()) {
      for (int i = 0; i < weight.length; i++) {
        weight[i] =
            type == HalfType.BF16
                ? (short) (Float.floatToRawIntBits(wide[i]) >> Short.SIZE)
                : Float.floatToFloat16(wide[i]);
      }
      HalfLinear linear = kernels.half(type, outputs, inputs);
      linear.setOutputs(0, outputs, weight, 0);
      layers.add(linear);
    }
    return layers;
  }

  /** Returns the middle time of a pass of each layer. */
  private static double[] measure(List<Linear> layers, int rows) {
    Linear first = layers.getFirst();
    float[] x = new float[rows * first.inputs()];
    Random random = new Random(2);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    float[] y = new float[rows * first.outputs()];
    Scratch scratch = new Scratch();
    double[][] micros = new double[layers.size()][ROUNDS];
    for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
      for (int layer = 0; layer < micros.length; layer++) {
        long start = System.nanoTime();
        int calls = 0;
        long nanos;
        do {
          layers.get(layer).apply(x, 0, rows, y, 0, scratch);
          calls++;
          nanos = System.nanoTime() - start;
        } while (nanos < ROUND_NANOS);
        if (round >= 0) {
          micros[layer][round] = nanos / 1e3 / calls;
        }
      }
    }
    return Arrays.stream(micros).mapToDouble(ColdStart::median).toArray();
  }

  /** Runs the program. */
  static List<Rate> run(Path log, List<String> more) throws IOException {
    List<String> flags = new ArrayList<>(EngineKind.KUMIKO_FP32.jvmFlags(more));
    flags.add(KernelRates.WARM);
    String classPath = System.getProperty("java.class.path");
    return ChildJvm.run(log, flags, classPath, HalfRates.class).lines().stream()
        .map(Rate::parse)
        .toList();
  }

  static Table table(List<Rate> rates) {
    return new Table(
        "Large linear layers with 16-bit weights beside fp32, one thread",
        List.of("weights", "inputs", "outputs", "rows", "µs", "fp32 µs", "ratio", "target"),
        rates.stream()
            .map(
                rate ->
                    List.of(
                        rate.type(),
                        Integer.toString(rate.inputs()),
                        Integer.toString(rate.outputs()),
                        Integer.toString(rate.rows()),
                        Numbers.plain(rate.micros()),
                        Numbers.plain(rate.floatMicros()),
                        Numbers.plain(rate.ratio()),
                        target(rate)))
            .toList(),
        "A ratio above 1: faster than fp32. Medians of "
            + ROUNDS
            + " rounds of a few milliseconds, in which the types take turns.");
  }

  private static String target(Rate rate) {
    return Numbers.target(rate.ratio(), rate.rows() <= FEW_ROWS ? FEW_ROWS_RATIO : MANY_ROWS_RATIO);
  }
}
