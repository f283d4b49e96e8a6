package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.SourceModel;
import dev.kumiko.tools.convert.Traits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads an {@code .onnx} file as the source of a model. */
public final class OnnxSource {
  private OnnxSource() {}

  /**
   * Reads the model.
   *
   * @param file the {@code .onnx} file
   * @param label what messages call it
   * @param origin where it came from, for the model file
   * @param tokenizer its {@code tokenizer.json}
   * @param traits what is known about it beside the graph
   * @param arena how long the weights stay readable
   * @param log receives what the user should know
   * @throws IOException if it cannot be read or is not supported
   */
  public static SourceModel read(
      Path file,
      String label,
      String origin,
      Json tokenizer,
      Traits traits,
      Arena arena,
      Consumer<String> log)
      throws IOException {
    BertGraph.Bert bert = BertGraph.read(OnnxReader.read(file, label, arena));
    if (!bert.unused().isEmpty()) {
      log.accept("Not needed by the encoder: " + String.join(", ", bert.unused()));
    }
    return new SourceModel(label, origin, bert.architecture(), bert.weights(), tokenizer, traits);
  }
}
