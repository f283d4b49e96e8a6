package dev.kumiko.tools;

import dev.kumiko.tools.convert.huggingface.HuggingFaceExport;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a model as a folder for other libraries. */
@Command(
    name = "export",
    description =
        "Write a model as a Hugging Face and sentence-transformers folder, to be used elsewhere.",
    footer = {
      "",
      "\"kumiko convert FOLDER\" gives the same model again. A composed token table is exported",
      "dense; of a quantised model, export the one it was made from.",
      "",
      "Example:",
      "  kumiko export tuned.safetensors tuned/"
    })
final class ExportCommand implements Callable<Integer> {
  /** What an export writes. */
  private static final Pattern WRITTEN =
      Pattern.compile(
          "(config|config_sentence_transformers|modules|sentence_bert_config|special_tokens_map"
              + "|tokenizer|tokenizer_config)\\.json|model\\.safetensors"
              + "|\\d+_(Pooling|Dense|LayerNorm)/(config\\.json|model\\.safetensors)");

  private final Streams streams;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A Kumiko model file.")
  private Path source;

  @Parameters(
      index = "1",
      paramLabel = "FOLDER",
      description = "The folder to write; new or empty.")
  private Path folder;

  @Option(
      names = "--force",
      description = "Replace FOLDER if it holds nothing but an export of Kumiko.")
  private boolean force;

  ExportCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    ModelPath.check(source);
    requireReplaceable();
    Path target = folder.toAbsolutePath().normalize();
    if (target.getParent() == null || !Files.isDirectory(target.getParent())) {
      throw new CommandFailedException(
          folder + ": not written: its parent directory does not exist");
    }
    // Under the folder's own name, which is the model's when it is read.
    Path whole = Files.createTempDirectory(target.getParent(), ".kumiko-export-");
    try {
      Path made = Files.createDirectory(whole.resolve(target.getFileName()));
      HuggingFaceExport.export(source, made, streams::say);
      if (Files.exists(target)) {
        delete(target);
      }
      Files.move(made, target);
    } finally {
      delete(whole);
    }
    streams.say("wrote " + folder);
    return 0;
  }

  private void requireReplaceable() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new CommandFailedException(folder + ": not written: it exists and is no directory");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> !Files.isDirectory(path)).toList()) {
        if (!force) {
          throw new CommandFailedException(
              folder + ": not written: it is not empty; name another folder or use --force");
        }
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (!WRITTEN.matcher(name).matches()) {
          throw new CommandFailedException(
              "%s: not written: it holds %s, which no export writes; name another folder"
                  .formatted(folder, name));
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
