package dev.kumiko.tools;

import dev.kumiko.tools.quantize.Quantizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an int8 model. */
@Command(
    name = "quantize",
    description = "Make an int8 model of a Kumiko model: a quarter of its size.",
    footer = {
      "",
      "Examples:",
      "  kumiko quantize minilm.safetensors minilm-int8.safetensors",
      "  kumiko quantize minilm.safetensors minilm-fast.safetensors --activations int8"
    })
final class QuantizeCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A Kumiko model file.")
  private Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The file to write.")
  private Path target;

  @Option(
      names = "--activations",
      paramLabel = "TYPE",
      defaultValue = "fp32",
      description = ActivationType.DESCRIPTION)
  private ActivationType activations;

  QuantizeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    ModelPath.requireReplaceable(target);
    Quantizer.quantize(ModelPath.check(source), target, activations.quantization());
    streams.say(
        "wrote %s: %,d bytes instead of %,d"
            .formatted(target, Files.size(target), Files.size(source)));
    return 0;
  }
}
