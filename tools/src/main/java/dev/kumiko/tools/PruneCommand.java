package dev.kumiko.tools;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.train.student.KeptLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cuts a model to its first layers. */
@Command(
    name = "prune",
    description = "Cut a model to its first layers; the norm behind the last one stays.",
    footer = {
      "",
      "A cut model is smaller and faster by the layers that are gone, and needs training",
      "(\"kumiko train\") to be as good as it can.",
      "",
      "Example:",
      "  kumiko prune bge-small.safetensors bge-9.safetensors --layers 9"
    })
final class PruneCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A Kumiko model file.")
  private Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The file to write.")
  private Path target;

  @Option(
      names = "--layers",
      paramLabel = "N",
      required = true,
      description = "How many layers stay, from the first on.")
  private int layers;

  PruneCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    ModelPath.requireReplaceable(target);
    ModelPath.check(source);
    int all = check();
    List<Integer> kept = IntStream.range(0, layers).boxed().toList();
    KeptLayers.of(kept).write(source, target);
    streams.say(
        "wrote %s: %d of %d layers, %,d bytes instead of %,d"
            .formatted(target, layers, all, Files.size(target), Files.size(source)));
    return 0;
  }

  /** Returns how many layers there are. */
  private int check() throws IOException {
    try (ModelFile file = ModelFile.open(source)) {
      ModelDescription model = ModelDescription.of(file);
      int all = model.architecture().layers();
      if (layers < 1 || layers > all) {
        throw new CommandFailedException(
            "--layers is %d, but %s has %d: state a number from 1 to %d."
                .formatted(layers, source, all, all));
      }
      if (layers < all && model.classifier().isPresent()) {
        throw new CommandFailedException(
            "%s scores texts by what its last layer says; without layer %d its scores would mean nothing. Only encoders can be cut."
                .formatted(source, all));
      }
      return all;
    }
  }
}
