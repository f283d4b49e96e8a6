package dev.kumiko.bench;

import dev.kumiko.bench.KernelRates.Rate;
import dev.kumiko.bench.report.Table;
import dev.kumiko.format.Architecture;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.tools.generate.PublishedShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A program that measures the linear layers of published encoders beside the CPU's peak. */
final class LayerRates {
  private static final int[] ROWS = {16, 128, 4096};
  private static final int MANY = 4096;

  /** The least share of the peak with {@link #MANY} rows, of a shape's slowest layer. */
  private static final Map<PublishedShape, Double> LEAST =
      Map.of(PublishedShape.LEALLA_SMALL, 0.75, PublishedShape.LEALLA_LARGE, 0.85);

  private LayerRates() {}

  /** Prints a {@link Rate} a line for a shape. */
  public static void main(String[] args) {
    PublishedShape shape = PublishedShape.named(args[0]).orElseThrow();
    Architecture a = shape.architecture(Optional.empty(), shape.tokens());
    print(KernelChoice.kernels(), a, ROWS);
  }

  /** Prints a {@link Rate} a line: each of an encoder's linear layers with numbers of rows. */
  static void print(Kernels kernels, Architecture a, int[] numbersOfRows) {
    for (List<Integer> sizes : layers(a)) {
      // Not printed: while a busy machine compiles the kernels, plain loops would be measured.
      KernelRates.measure(kernels, sizes.get(0), sizes.get(1), numbersOfRows[0]);
    }
    for (List<Integer> sizes : layers(a)) {
      for (int rows : numbersOfRows) {
        System.out.println(KernelRates.measure(kernels, sizes.get(0), sizes.get(1), rows));
      }
    }
  }

  /** Returns the inputs and outputs of the linear layers, each once. */
  private static Set<List<Integer>> layers(Architecture a) {
    Set<List<Integer>> layers = new LinkedHashSet<>();
    layers.add(List.of(a.hiddenSize(), a.queryWidth() + 2 * a.keyWidth()));
    layers.add(List.of(a.queryWidth(), a.hiddenSize()));
    layers.add(List.of(a.hiddenSize(), a.intermediateSize()));
    layers.add(List.of(a.intermediateSize(), a.hiddenSize()));
    return layers;
  }

  /** Returns the lowest and the highest share of the peak with so many rows. */
  static String span(List<Rate> rates, int rows) {
    DoubleSummaryStatistics shares = shares(rates, rows);
    return Numbers.percent(shares.getMin()) + " – " + Numbers.percent(shares.getMax());
  }

  private static DoubleSummaryStatistics shares(List<Rate> rates, int rows) {
    return rates.stream()
        .filter(rate -> rate.rows() == rows)
        .mapToDouble(Rate::share)
        .summaryStatistics();
  }

  /** Runs the program for every shape. */
  static Table measure(
      List<PublishedShape> shapes, Path log, List<String> more, PrintStream progress)
      throws IOException {
    List<List<String>> table = new ArrayList<>();
    for (PublishedShape shape : shapes) {
      progress.println("kumiko: linear layers of " + shape.title());
      List<Rate> rates =
          ChildJvm.run(
                  log,
                  KernelRates.flags(more),
                  System.getProperty("java.class.path"),
                  LayerRates.class,
                  shape.title())
              .lines()
              .stream()
              .map(Rate::parse)
              .toList();
      table.add(row(shape, rates));
    }
    return new Table(
        "Linear layers of LEALLA and LaBSE, share of the FMA peak",
        List.of("shape", "16 rows", "128 rows", "4,096 rows", "target"),
        table,
        "Lowest to highest of a layer's products, fp32, one thread; the target is for the lowest with"
            + " 4,096 rows. Random weights, for measuring.");
  }

  private static List<String> row(PublishedShape shape, List<Rate> rates) {
    List<String> row = new ArrayList<>(List.of(shape.title()));
    for (int rows : ROWS) {
      row.add(span(rates, rows));
    }
    double least = LEAST.getOrDefault(shape, Double.NaN);
    row.add(Numbers.target(shares(rates, MANY).getMin(), least));
    return row;
  }
}
