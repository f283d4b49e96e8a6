package dev.kumiko.bench;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.KernelChoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A program that measures what a token costs by the number of layers, the hidden size and the
 * length of texts, beside what the arithmetic alone takes at the CPU's peak.
 */
final class SizeCosts {
  static final List<Integer> LAYERS = List.of(3, 6, 12, 24);
  static final List<Integer> WIDTHS = List.of(128, 192, 256, 384, 768);
  static final List<Integer> LENGTHS = List.of(8, 16, 32, 64, 128, 256, 512);

  /** What the others have while one is varied. */
  static final Size USUAL = new Size(6, 256, 32);

  /** Of a pass, as many as an embedder takes at a time. */
  static final int TOKENS = 512;

  private static final int VOCABULARY = 1000;
  private static final int POSITIONS = 512;
  private static final int HEAD = 32;
  private static final int WIDE_HEAD = 64;
  private static final int WIDE = 768;
  private static final int WARM_ROUNDS = 2;

  /** So often each size has its turn. */
  static final int ROUNDS = 7;

  private SizeCosts() {}

  /** What is varied. */
  record Size(int layers, int hidden, int length) {
    /**
     * Returns the floating-point operations for a token, a multiplication and an addition being
     * two: 12 D^2 weights of a layer's linear maps, and length x D products of queries with keys
     * and as many of weights with values.
     */
    double operations() {
      return (double) layers * (2.0 * 12 * hidden * hidden + 2.0 * 2 * length * hidden);
    }

    private Architecture architecture() {
      int heads = hidden / (hidden < WIDE ? HEAD : WIDE_HEAD);
      return new Architecture(
          "bert",
          layers,
          hidden,
          heads,
          4 * hidden,
          Activation.GELU,
          1e-12,
          VOCABULARY,
          POSITIONS,
          2);
    }
  }

  /**
   * What a token costs.
   *
   * @param micros measured
   * @param least what the operations take at the peak
   */
  record Cost(Size size, double micros, double least) {
    static Cost parse(String line) {
      String[] words = line.split(" ", -1);
      Size size =
          new Size(
              Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      return new Cost(size, Double.parseDouble(words[3]), Double.parseDouble(words[4]));
    }

    @Override
    public String toString() {
      return "%d %d %d %s %s".formatted(size.layers(), size.hidden(), size.length(), micros, least);
    }
  }

  /** Returns all sizes, each once. */
  private static Set<Size> sizes() {
    Set<Size> sizes = new LinkedHashSet<>();
    LAYERS.forEach(n -> sizes.add(new Size(n, USUAL.hidden(), USUAL.length())));
    WIDTHS.forEach(n -> sizes.add(new Size(USUAL.layers(), n, USUAL.length())));
    LENGTHS.forEach(n -> sizes.add(new Size(USUAL.layers(), USUAL.hidden(), n)));
    return sizes;
  }

  /** Prints one {@link Cost} a line. */
  public static void main(String[] args) throws IOException {
    List<Size> sizes = List.copyOf(sizes());
    double[][] micros = new double[sizes.size()][ROUNDS];
    double[] peaks = new double[ROUNDS];
    try (WorkFolder folder = new WorkFolder()) {
      Map<Architecture, Encoder> encoders = new LinkedHashMap<>();
      Map<Size, Workspace> workspaces = new LinkedHashMap<>();
      for (Size size : sizes) {
        Architecture a = size.architecture();
        if (!encoders.containsKey(a)) {
          encoders.put(a, encoder(a, folder.path().resolve(encoders.size() + ".safetensors")));
        }
        workspaces.put(size, workspace(size));
      }
      for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
        double peak = FmaPeak.rate();
        for (int i = 0; i < micros.length; i++) {
          Encoder encoder = encoders.get(sizes.get(i).architecture());
          double found = micros(encoder, workspaces.get(sizes.get(i)));
          peak = Math.max(peak, FmaPeak.rate());
          if (round >= 0) {
            micros[i][round] = found;
            peaks[round] = peak;
          }
        }
      }
      encoders.values().forEach(Encoder::close);
    }
    double peak = ColdStart.median(peaks);
    for (int i = 0; i < micros.length; i++) {
      double least = sizes.get(i).operations() / peak * 1e6;
      double best = Arrays.stream(micros[i]).min().orElseThrow();
      System.out.println(new Cost(sizes.get(i), best, least));
    }
  }

  private static Encoder encoder(Architecture a, Path path) throws IOException {
    Random random = new Random(1);
    ModelWriter writer = new ModelWriter(path);
    for (Map.Entry<String, List<Long>> weight : TensorNames.required(a).entrySet()) {
      long[] shape = weight.getValue().stream().mapToLong(Long::longValue).toArray();
      writer.tensor(
          weight.getKey(),
          DType.F32,
          shape,
          out -> {
            for (long row = 0; row < (shape.length > 1 ? shape[0] : 1); row++) {
              out.write(row(weight.getKey(), Math.toIntExact(shape[shape.length - 1]), random));
            }
          });
    }
    writer.write();
    try (ModelFile file = ModelFile.open(path)) {
      return new Encoder(a, file, KernelChoice.kernels());
    }
  }

  /** Returns a row of a matrix that keeps the size of vectors, a gain of 1, or no bias. */
  private static byte[] row(String name, int length, Random random) {
    ByteBuffer row = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      double value = random.nextGaussian() / Math.sqrt(length);
      if (name.endsWith("norm.weight")) {
        value = 1;
      } else if (name.endsWith("bias")) {
        value = 0;
      }
      row.putFloat((float) value);
    }
    return row.array();
  }

  private static Workspace workspace(Size size) {
    Workspace workspace = new Workspace(size.architecture());
    Random random = new Random(2);
    for (int text = 0; text < TOKENS / size.length(); text++) {
      workspace.texts().add(random.ints(size.length(), 0, VOCABULARY).toArray(), size.length());
    }
    return workspace;
  }

  private static double micros(Encoder encoder, Workspace workspace) {
    long start = System.nanoTime();
    encoder.encode(workspace);
    return (System.nanoTime() - start) / 1e3 / TOKENS;
  }

  /** Runs the program. */
  static List<Cost> measure(Path log, List<String> more) throws IOException {
    return ChildJvm.run(
            log, KernelRates.flags(more), System.getProperty("java.class.path"), SizeCosts.class)
        .lines()
        .stream()
        .map(Cost::parse)
        .toList();
  }
}
