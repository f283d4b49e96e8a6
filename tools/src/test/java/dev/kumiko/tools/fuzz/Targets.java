package dev.kumiko.tools.fuzz;

import dev.kumiko.tools.CommandLineTarget;
import dev.kumiko.tools.CsvTarget;
import java.io.IOException;
import java.util.List;

/** Everything that reads what others wrote. */
final class Targets {
  static final List<String> NAMES =
      List.of(
          "model",
          "description",
          "tokenizer-streams",
          "tokenizer-json",
          "folder",
          "onnx",
          "zip",
          "csv",
          "command-line");

  private Targets() {}

  static Target named(String name) throws IOException {
    return switch (name) {
      case "model" -> new ModelTarget();
      case "description" -> new DescriptionTarget();
      case "tokenizer-streams" -> new TablesTarget();
      case "tokenizer-json" -> new TokenizerJsonTarget();
      case "folder" -> new FolderTarget();
      case "onnx" -> new OnnxTarget();
      case "zip" -> new ZipTarget();
      case "csv" -> new CsvTarget();
      case "command-line" -> new CommandLineTarget();
      default -> throw new IllegalArgumentException(name + " is none of " + NAMES);
    };
  }
}
