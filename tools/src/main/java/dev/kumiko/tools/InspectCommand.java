package dev.kumiko.tools;

import dev.kumiko.Backend;
import dev.kumiko.Embedder;
import dev.kumiko.Precision;
import dev.kumiko.TextClassifier;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Describes a model. */
@Command(
    name = "inspect",
    description = "Describe a Kumiko model, after checking that it loads.",
    footer = {
      "",
      "Examples:",
      "  kumiko inspect minilm.safetensors",
      "  kumiko inspect minilm.safetensors --tensors --json"
    })
final class InspectCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "MODEL", description = "A Kumiko model file.")
  private Path path;

  @Option(names = "--tensors", description = "List all tensors.")
  private boolean tensors;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  InspectCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Writer out = streams.writer();
    try (ModelFile file = ModelFile.open(ModelPath.check(path))) {
      ModelDescription model = ModelDescription.of(file);
      Map<String, Object> facts = ModelSummary.of(file, model, fastest(model));
      if (tensors) {
        facts.put("all_tensors", ModelSummary.tensors(file));
      }
      out.write(json ? Json.text(facts) + "\n" : Outline.of(facts));
    }
    out.flush();
    return 0;
  }

  /** Loads the model, so that all of it is checked, as what computes it fastest here. */
  private Backend fastest(ModelDescription model) throws IOException {
    if (model.classifier().isPresent()) {
      try (TextClassifier classifier =
          TextClassifier.builder().precision(Precision.FASTEST).load(path)) {
        return classifier.backend();
      }
    }
    try (Embedder embedder = Embedder.builder().precision(Precision.FASTEST).load(path)) {
      return embedder.backend();
    }
  }
}
