package dev.kumiko.bench;

import dev.kumiko.bench.KernelRates.Rate;
import dev.kumiko.bench.report.Table;
import dev.kumiko.encode.AttentionHeads;
import dev.kumiko.format.Architecture;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Queries;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.tools.generate.PublishedShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A program that measures what the layers of published decoders are made of, with random weights:
 * linear layers beside the CPU's peak, and attention that sees all tokens beside attention that
 * sees earlier ones alone.
 */
final class ShapeRates {
  private static final List<PublishedShape> SHAPES =
      List.of(PublishedShape.QWEN3_EMBEDDING_06B, PublishedShape.EMBEDDINGGEMMA_300M);

  private static final int[] ROWS = {1, 4, 16, 128, 1024};
  private static final int TOKENS = 1024;
  private static final int ROUNDS = 15;
  private static final String ATTENTION = "attention";

  /** Half the scores are left out, not half of what surrounds them. */
  private static final double CAUSAL_SHARE = 0.6;

  private ShapeRates() {}

  /** Prints a {@link Rate} a line for a shape, then how long its attentions take. */
  public static void main(String[] args) {
    PublishedShape shape = PublishedShape.named(args[0]).orElseThrow();
    Architecture a = shape.architecture(Optional.empty(), shape.tokens());
    Kernels kernels = KernelChoice.kernels();
    LayerRates.print(kernels, a, ROWS);
    Heads heads = AttentionHeads.of(a);
    double[] millis = attention(kernels, heads);
    System.out.println(ATTENTION + " " + millis[0] + " " + millis[1]);
  }

  /** Returns the milliseconds of full and of causal attention, which take turns. */
  private static double[] attention(Kernels kernels, Heads heads) {
    Random random = new Random(1);
    float[] qkv = new float[TOKENS * heads.rowWidth()];
    for (int i = 0; i < qkv.length; i++) {
      qkv[i] = (float) random.nextGaussian();
    }
    float[] context = new float[TOKENS * heads.queryWidth()];
    Scratch scratch = new Scratch();
    Distances[] kinds = {Distances.ANY, new Distances(Integer.MAX_VALUE, 0, new float[0][])};
    double[][] millis = new double[kinds.length][ROUNDS];
    for (int round = -ROUNDS; round < ROUNDS; round++) {
      for (int kind = 0; kind < kinds.length; kind++) {
        long start = System.nanoTime();
        kernels.attend(qkv, Queries.all(0, TOKENS), heads, kinds[kind], context, scratch);
        if (round >= 0) {
          millis[kind][round] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    return Arrays.stream(millis).mapToDouble(ColdStart::median).toArray();
  }

  /** Runs the program for every shape. */
  static List<Table> measure(Path log, List<String> more, PrintStream progress) throws IOException {
    List<List<String>> layers = new ArrayList<>();
    List<List<String>> attention = new ArrayList<>();
    for (PublishedShape shape : SHAPES) {
      progress.println("kumiko: the layers of " + shape.title());
      List<String> lines =
          ChildJvm.run(
                  log,
                  KernelRates.flags(more),
                  System.getProperty("java.class.path"),
                  ShapeRates.class,
                  shape.title())
              .lines();
      List<Rate> rates = lines.stream().limit(lines.size() - 1L).map(Rate::parse).toList();
      layers.add(shares(shape, rates));
      attention.add(attention(shape, lines.getLast()));
    }
    return List.of(
        new Table(
            "Linear layers of decoders, share of the FMA peak",
            header(),
            layers,
            "Lowest to highest of a layer's products, one thread. Random weights, for measuring."),
        new Table(
            "Attention over %,d tokens".formatted(TOKENS),
            List.of("heads of", "all tokens, ms", "earlier tokens, ms", "ratio", "target"),
            attention,
            "One layer, one thread; both take turns, medians of " + ROUNDS + " rounds."));
  }

  private static List<String> header() {
    List<String> header = new ArrayList<>(List.of("shape"));
    for (int rows : ROWS) {
      header.add("%,d rows".formatted(rows));
    }
    return header;
  }

  private static List<String> shares(PublishedShape shape, List<Rate> rates) {
    List<String> row = new ArrayList<>(List.of(shape.title()));
    for (int rows : ROWS) {
      row.add(LayerRates.span(rates, rows));
    }
    return row;
  }

  private static List<String> attention(PublishedShape shape, String line) {
    String[] words = line.split(" ", -1);
    double full = Double.parseDouble(words[1]);
    double causal = Double.parseDouble(words[2]);
    double ratio = causal / full;
    return List.of(
        shape.title(),
        Numbers.plain(full),
        Numbers.plain(causal),
        Numbers.plain(ratio),
        (ratio <= CAUSAL_SHARE ? "met " : "above ") + CAUSAL_SHARE);
  }
}
