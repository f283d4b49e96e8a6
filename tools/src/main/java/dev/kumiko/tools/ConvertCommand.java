package dev.kumiko.tools;

import dev.kumiko.format.AtomicFile;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Pooling;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.Variant;
import dev.kumiko.tools.convert.WeightType;
import dev.kumiko.tools.quantize.Quantizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Converts a published model. */
@Command(
    name = "convert",
    description = "Convert a published model into a Kumiko model, one file that is all of it.",
    footer = {
      "",
      "What the source does not state must be given; the model's card has it.",
      "",
      "Examples:",
      "  kumiko convert all-MiniLM-L6-v2/ minilm.safetensors",
      "  kumiko convert model.onnx model-kumiko.safetensors --pooling cls --normalize \\",
      "      --max-tokens 512"
    })
final class ConvertCommand implements Callable<Integer> {
  /** How weights can be stored, as the option spells it. */
  enum Quantization {
    int8
  }

  private final Streams streams;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description =
          "An .onnx with its tokenizer.json beside it, a JAR that holds both, or a Hugging Face"
              + " folder.")
  private Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The file to write.")
  private Path target;

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the model for people.")
  private String name;

  @Option(
      names = "--pooling",
      paramLabel = "HOW",
      description =
          "How token vectors become one: mean, cls, max, mean-sqrt-len, last-token or"
              + " weighted-mean.")
  private Pooling pooling;

  @Option(
      names = "--normalize",
      negatable = true,
      description = "Whether vectors are divided by their length.")
  private Boolean normalize;

  @Option(names = "--max-tokens", paramLabel = "N", description = "The longest text in tokens.")
  private Integer maxTokens;

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      description =
          "How a bare BERT makes vectors: lealla (its pooler with tanh, as the LEALLA ports) or"
              + " lealla-original (GELU in its tanh approximation, and words split by script).")
  private Variant variant;

  @Option(
      names = "--weights",
      paramLabel = "TYPE",
      description =
          "What type weights get: keep (what each has), f32, or bf16 or f16 to round tables and"
              + " linear maps, half the size of f32.")
  private WeightType weights;

  @Option(
      names = "--quantize",
      paramLabel = "TYPE",
      description = "Store weights as int8, a quarter of the size: ${COMPLETION-CANDIDATES}.")
  private Quantization quantize;

  @Option(names = "--activations", paramLabel = "TYPE", description = ActivationType.DESCRIPTION)
  private ActivationType activations;

  ConvertCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (activations != null && quantize == null) {
      throw new UsageException("--activations is about int8 models; it needs --quantize int8");
    }
    if (weights != null && quantize != null) {
      throw new UsageException(
          "--weights is about weights that are not quantised; leave it or --quantize out");
    }
    ModelPath.requireReplaceable(target);
    ConversionOptions options =
        new ConversionOptions(
            Optional.ofNullable(name),
            Optional.ofNullable(pooling),
            Optional.ofNullable(normalize),
            Optional.ofNullable(maxTokens),
            Optional.ofNullable(variant),
            Objects.requireNonNullElse(weights, WeightType.KEEP));
    if (quantize == null) {
      Converter.convert(source, target, options, streams::say);
    } else {
      convertAndQuantize(options);
    }
    try (ModelFile file = ModelFile.open(target)) {
      ModelDescription model = ModelDescription.of(file);
      streams.say(
          "wrote %s: %s, %d layers, %d dimensions, %,d bytes"
              .formatted(
                  target,
                  model.name(),
                  model.architecture().layers(),
                  model.dimension(),
                  file.size()));
    }
    return 0;
  }

  private void convertAndQuantize(ConversionOptions options) throws IOException {
    // What the weights are quantised from goes with the file that it is for, however that ends.
    try (AtomicFile file = AtomicFile.replacing(target)) {
      Path whole = file.scratch();
      Converter.convert(source, whole, options, streams::say);
      ActivationType type = Objects.requireNonNullElse(activations, ActivationType.fp32);
      try (Progress progress = new Progress(streams)) {
        Quantizer.quantize(whole, target, type.quantization(), progress::update);
      }
    }
  }
}
