package dev.kumiko.bench;

import dev.kumiko.bench.report.Table;
import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.tools.generate.PublishedShape;
import dev.kumiko.tools.generate.RandomModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A program that measures time and memory of a decoder that was cut to some of its layers. Models
 * of random weights take turns on the same text.
 */
final class DepthRates {
  private static final PublishedShape SHAPE = PublishedShape.QWEN3_EMBEDDING_06B;
  private static final int[] LAYERS = {28, 21, 14, 7};
  private static final int TOKENS = 128;
  private static final int ROUNDS = 15;

  /** In points. */
  private static final double ALLOWED = 3;

  private DepthRates() {}

  /** Prints layers, milliseconds and megabytes of a model a line. */
  public static void main(String[] args) throws IOException {
    List<Encoder> encoders = new ArrayList<>();
    List<Workspace> workspaces = new ArrayList<>();
    double[] megabytes = new double[LAYERS.length];
    int[] ids = new Random(1).ints(TOKENS, 0, RandomModel.LEAST_TOKENS).toArray();
    double before = used();
    for (int i = 0; i < LAYERS.length; i++) {
      try (ModelFile file = ModelFile.open(Path.of(args[i]))) {
        Architecture architecture = ModelDescription.of(file).architecture();
        encoders.add(new Encoder(architecture, file, KernelChoice.kernels()));
        Workspace workspace = new Workspace(architecture);
        workspace.texts().add(ids, TOKENS);
        workspaces.add(workspace);
      }
      double now = used();
      megabytes[i] = now - before;
      before = now;
    }
    double[][] millis = new double[LAYERS.length][ROUNDS];
    for (int round = -2; round < ROUNDS; round++) {
      for (int i = 0; i < LAYERS.length; i++) {
        long start = System.nanoTime();
        encoders.get(i).encode(workspaces.get(i));
        if (round >= 0) {
          millis[i][round] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    for (int i = 0; i < LAYERS.length; i++) {
      Arrays.sort(millis[i]);
      System.out.println(LAYERS[i] + " " + millis[i][ROUNDS / 2] + " " + megabytes[i]);
      encoders.get(i).close();
    }
  }

  /** Returns the megabytes of the heap that are in use. */
  private static double used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
  }

  /** Generates the models and runs the program. */
  static Table measure(Path log, List<String> more, PrintStream progress) throws IOException {
    progress.println("kumiko: " + SHAPE.title() + " cut to fewer layers");
    try (WorkFolder folder = new WorkFolder()) {
      List<String> models = new ArrayList<>();
      for (int layers : LAYERS) {
        Path model = folder.path().resolve(layers + ".safetensors");
        new RandomModel(SHAPE, Optional.of(layers), Optional.of(RandomModel.LEAST_TOKENS), 1)
            .write(model, done -> {});
        models.add(model.toString());
      }
      List<String> flags = new ArrayList<>(KernelRates.flags(more));
      flags.removeIf(flag -> flag.startsWith("-Xmx"));
      flags.add("-Xmx8g");
      List<String> lines =
          ChildJvm.run(
                  log,
                  flags,
                  System.getProperty("java.class.path"),
                  DepthRates.class,
                  models.toArray(String[]::new))
              .lines();
      List<double[]> found = lines.stream().map(DepthRates::numbers).toList();
      return new Table(
          SHAPE.title() + " cut to fewer layers, one text of " + TOKENS + " tokens",
          List.of("layers", "cut", "ms", "saves", "MB", "saves", "target"),
          found.stream().map(each -> row(each, found.getFirst())).toList(),
          "Random weights, for measuring; one thread, fp32, without the token table.");
    }
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  private static List<String> row(double[] found, double[] whole) {
    double cut = saved(found[0], whole[0]);
    double time = saved(found[1], whole[1]);
    double memory = saved(found[2], whole[2]);
    boolean met = Math.abs(time - cut) <= ALLOWED && Math.abs(memory - cut) <= ALLOWED;
    return List.of(
        Integer.toString((int) found[0]),
        points(cut),
        Numbers.plain(found[1]),
        points(time),
        Numbers.plain(found[2]),
        points(memory),
        (met ? "met ±" : "beyond ±") + Numbers.plain(ALLOWED));
  }

  private static double saved(double value, double whole) {
    return 100 * (1 - value / whole);
  }

  private static String points(double value) {
    return Numbers.plain(value) + " %";
  }
}
