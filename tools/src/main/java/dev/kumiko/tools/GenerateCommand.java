package dev.kumiko.tools;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.tools.convert.WeightType;
import dev.kumiko.tools.generate.PublishedShape;
import dev.kumiko.tools.generate.RandomModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a model that has a published one's sizes and nothing to say. */
@Command(
    name = "generate",
    description = "Write a model of a published shape with random weights, for measuring only.",
    footer = {
      "",
      "Shapes: lealla-small, lealla-base, lealla-large, labse, multilingual-e5-small,",
      "qwen3-embedding-0.6b, embeddinggemma-300m. Speed and memory are the published",
      "model's; vectors mean nothing, and words become more tokens, for the vocabulary",
      "is made up, too. \"kumiko quantize\" makes an int8 model of it.",
      "",
      "Examples:",
      "  kumiko generate --like lealla-small lealla-random.safetensors",
      "  kumiko generate --like labse --layers 2 --tokens 30000 small.safetensors"
    })
final class GenerateCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "TARGET", description = "The file to write.")
  private Path target;

  @Option(
      names = "--like",
      paramLabel = "SHAPE",
      required = true,
      description = "Whose sizes and kind of tokenizer it has.")
  private String like;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "So many layers; default: as many as published.")
  private Integer layers;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "So many tokens; default: as many as published.")
  private Integer tokens;

  @Option(
      names = "--weights",
      paramLabel = "TYPE",
      defaultValue = "f32",
      description = "Type of tables and linear maps: f32 (the default), bf16 or f16.")
  private WeightType weights;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Of the weights; the same seed gives the same file. Default: 42.")
  private long seed;

  GenerateCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    RandomModel model = model();
    ModelPath.requireReplaceable(target);
    try (Progress progress = new Progress(streams)) {
      model.write(target, progress::update);
    }
    streams.say(
        "wrote %s: %,d bytes, %s"
            .formatted(target, Files.size(target), ModelDescription.RANDOM_WEIGHTS));
    return 0;
  }

  private RandomModel model() {
    PublishedShape shape =
        PublishedShape.named(like)
            .orElseThrow(
                () ->
                    new UsageException(
                        "--like is %s, expected one of %s"
                            .formatted(like, String.join(", ", PublishedShape.names()))));
    DType type =
        switch (weights) {
          case F32 -> DType.F32;
          case BF16 -> DType.BF16;
          case F16 -> DType.F16;
          case KEEP -> throw new UsageException("--weights is keep, expected f32, bf16 or f16");
        };
    try {
      return new RandomModel(
          shape, Optional.ofNullable(layers), Optional.ofNullable(tokens), type, seed);
    } catch (IllegalArgumentException e) {
      throw UsageException.of(e);
    }
  }
}
