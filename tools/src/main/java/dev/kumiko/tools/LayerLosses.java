package dev.kumiko.tools;

import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.data.BatchOptions;
import dev.kumiko.train.data.Batches;
import dev.kumiko.train.model.Memory;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.prune.Cuts;
import dev.kumiko.train.prune.InitialLosses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The loss of every layer of an untrained model: how it is measured, and how it is shown. */
final class LayerLosses {
  private static final int WIDTH = 40;

  @Option(
      names = "--losses",
      paramLabel = "FILE",
      description = {
        "Measure every layer's loss on these pairs, or pairs with hard negatives behind them:",
        "CSV, TSV or JSON lines by their names' ends."
      })
  private List<Path> files = List.of();

  @Option(
      names = "--columns",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "The texts of a line: names of a header, or positions from 1. Default: the first two.")
  private List<String> columns = List.of();

  @Option(
      names = "--instruction",
      paramLabel = "TEXT",
      defaultValue = "",
      description = {
        "Put this before the first text of every line. A model that leaves prompts out of its",
        "pooling leaves it out, too: so do those converted with weighted-mean-from-text."
      })
  private String instruction;

  @Option(
      names = "--scale",
      paramLabel = "NUMBER",
      defaultValue = "" + InitialLosses.SCALE,
      description = "What cosines are multiplied by; default ${DEFAULT-VALUE}.")
  private double scale;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "64",
      description = "Lines of a batch, each one's texts being the others' negatives; default 64.")
  private int batchSize;

  @Option(
      names = "--batches",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many batches at most; default 100.")
  private int batches;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Cut texts to so many tokens; default: the model's limit.")
  private Integer maxTokens;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Of the order of lines; default 42.")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of threads, which changes nothing else; default: all processors.")
  private Integer threads;

  boolean areWanted() {
    return !files.isEmpty();
  }

  /** Returns the loss after 0 layers and each number of them. */
  double[] measure(Path file, Streams streams) throws IOException {
    if (batches < 1) {
      throw new UsageException("--batches must be at least 1, not " + batches);
    }
    int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    try (DataFiles data =
            DataFiles.open(files, path -> DataOptions.texts(path, columns, 2), false, streams);
        TrainableModel model = TrainableModel.open(file, used, Memory.RECOMPUTE);
        Progress progress = new Progress(streams)) {
      Batches lines =
          data.batches(BatchOptions.of(batchSize, seed).withoutDuplicates().droppingLast());
      Tokenizer tokenizer = model.tokenizer();
      int most = model.description().maxTokens();
      int cutTo = maxTokens == null ? most : Math.min(most, maxTokens);
      return new InitialLosses(model, tokenizer, cutTo, scale, instruction)
          .measure(lines, batches, done -> progress.update((double) done / batches));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(e.getMessage());
    }
  }

  /** Returns a line for each number of layers, with a bar, and what follows from them. */
  static String report(double[] losses, Cuts cuts) {
    int all = losses.length - 1;
    double highest = Arrays.stream(losses).max().orElse(1);
    StringBuilder text = new StringBuilder("layers    loss\n");
    for (int layers = 0; layers <= all; layers++) {
      int length = (int) Math.round(WIDTH * losses[layers] / Math.max(highest, Double.MIN_NORMAL));
      String line =
          String.format(
              Locale.ROOT,
              "%6d  %6.3f  %-" + WIDTH + "s  %s",
              layers,
              losses[layers],
              "#".repeat(length),
              name(layers, all, cuts));
      text.append(line.stripTrailing()).append('\n');
    }
    if (!Cuts.haveMinimumInside(losses)) {
      text.append(
          "No layer before the last is a minimum: every cut loses something that training has to"
              + " bring back.\n");
    }
    return text.toString();
  }

  private static String name(int layers, int all, Cuts cuts) {
    if (layers == 0) {
      return "the embeddings, never a cut";
    }
    if (layers == cuts.small()) {
      return "small";
    }
    if (layers == cuts.large()) {
      return layers == all ? "large: nothing to cut" : "large";
    }
    return "";
  }
}
