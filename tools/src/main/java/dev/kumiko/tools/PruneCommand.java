package dev.kumiko.tools;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.train.prune.Cuts;
import dev.kumiko.train.student.KeptLayers;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cuts a model to its first layers, and finds out where. */
@Command(
    name = "prune",
    description = "Cut a model to its first layers, and measure where to cut.",
    footer = {
      "",
      "With --losses alone nothing is written: every layer's loss is measured on the untrained",
      "model and drawn, and the two cuts are named, one in each half of the layers (L3Prune,",
      "arXiv 2410.14578). A model that was cut is healed by \"kumiko train\", best with --lora-rank.",
      "",
      "Examples:",
      "  kumiko prune minilm.safetensors --losses pairs.csv",
      "  kumiko prune minilm.safetensors small.safetensors --losses pairs.csv --cut small",
      "  kumiko prune minilm.safetensors half.safetensors --layers 3"
    })
final class PruneCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A Kumiko model file.")
  private Path model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "The file to write; without it --losses only measures.")
  private Path target;

  @Option(names = "--layers", paramLabel = "N", description = "Keep the first N layers.")
  private Integer layers;

  @Option(
      names = "--cut",
      paramLabel = "WHICH",
      description =
          "With --losses: small, the best layer of the lower half, or large, of the upper.")
  private Cut cut;

  @Mixin private LayerLosses losses;

  /** One of the two cuts. */
  enum Cut {
    SMALL,
    LARGE
  }

  PruneCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    check();
    ModelPath.check(model);
    int all = allLayers();
    if (target != null) {
      ModelPath.requireReplaceable(target);
    }
    int kept = losses.areWanted() ? measured() : layers;
    if (target != null) {
      KeptLayers.of(IntStream.range(0, kept).boxed().toList()).write(model, target);
      streams.say(
          "wrote %s: %d of %d layers, %,d bytes instead of %,d"
              .formatted(target, kept, all, Files.size(target), Files.size(model)));
    }
    return 0;
  }

  private void check() {
    if (cut != null && !losses.areWanted()) {
      throw new UsageException("--cut needs --losses FILE, from which the cuts are chosen");
    }
    if (target == null && (layers != null || cut != null)) {
      throw new UsageException("name a TARGET to write what is left");
    }
    if (target == null && !losses.areWanted()) {
      throw new UsageException("say where to cut with --layers N, or measure with --losses FILE");
    }
    if (target != null && (layers == null) == (cut == null)) {
      throw new UsageException("a cut needs one of --layers and --cut, and only one");
    }
    if (layers != null && losses.areWanted()) {
      throw new UsageException("--losses goes with --cut, or with no TARGET; --layers needs none");
    }
  }

  /** Returns how many layers there are, if the model can be cut as asked for. */
  private int allLayers() throws IOException {
    try (ModelFile file = ModelFile.open(model)) {
      ModelDescription description = ModelDescription.of(file);
      int all = description.architecture().layers();
      if (layers != null && (layers < 1 || layers > all)) {
        throw new CommandFailedException(
            "--layers is %d, but %s has %d: state a number from 1 to %d."
                .formatted(layers, model, all, all));
      }
      boolean whole = layers != null && layers == all;
      if (!whole && description.classifier().isPresent()) {
        throw new CommandFailedException(
            "%s scores texts by what its last layer says; without layer %d its scores would mean nothing. Only encoders can be cut."
                .formatted(model, all));
      }
      return all;
    }
  }

  /** Measures and reports, and returns how many layers the wanted cut keeps. */
  private int measured() throws IOException {
    double[] measured = losses.measure(model, streams);
    Cuts cuts;
    try {
      cuts = Cuts.of(measured);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(model + ": " + e.getMessage());
    }
    Writer out = streams.writer();
    out.write(LayerLosses.report(measured, cuts));
    out.flush();
    int kept = cut == Cut.SMALL ? cuts.small() : cuts.large();
    if (target != null && kept == measured.length - 1) {
      throw new CommandFailedException(
          "%s: not written: the %s cut keeps all %d layers, for the last one is the best"
              .formatted(target, Choice.name(cut), kept));
    }
    return kept;
  }
}
