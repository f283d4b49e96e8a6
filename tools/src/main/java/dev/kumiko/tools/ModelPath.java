package dev.kumiko.tools;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Recognises models that have not been converted yet, and says how to convert them. */
final class ModelPath {
  private static final String CONFIG = "config.json";

  private ModelPath() {}

  /**
   * Returns the path of a file that may be a Kumiko model.
   *
   * @throws IOException if it is another kind of model
   */
  static Path check(Path path) throws IOException {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (Files.isDirectory(path)) {
      if (!Files.exists(path.resolve(CONFIG))) {
        throw new CommandFailedException(path + ": is a directory, expected a Kumiko model file");
      }
      throw unconverted(path, "is a Hugging Face folder", path);
    }
    if (name.endsWith(".onnx") || name.endsWith(".jar")) {
      throw unconverted(path, name.endsWith(".jar") ? "is a JAR" : "is an ONNX model", path);
    }
    Path folder = path.toAbsolutePath().getParent();
    if (name.equals("model.safetensors") && Files.exists(folder.resolve(CONFIG))) {
      Path shown = path.getParent() == null ? Path.of(".") : path.getParent();
      throw unconverted(path, "holds the weights of a Hugging Face folder", shown);
    }
    return path;
  }

  /** A slip such as the source's own weights as the target must not cost anybody a file. */
  static void requireReplaceable(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    try (ModelFile file = ModelFile.open(target)) {
      ModelDescription.of(file);
    } catch (ModelFormatException e) {
      if (e.reason() == Reason.UNSUPPORTED_VERSION || e.reason() == Reason.BAD_DESCRIPTION) {
        return;
      }
      throw new CommandFailedException(
          target + ": not written: it exists and is no Kumiko model; name another file");
    }
  }

  private static CommandFailedException unconverted(Path path, String kind, Path source) {
    String base = String.valueOf(source.toAbsolutePath().normalize().getFileName());
    int dot = Files.isDirectory(source) ? -1 : base.lastIndexOf('.');
    String stem = dot > 0 ? base.substring(0, dot) : base;
    return new CommandFailedException(
        "%s %s, not a Kumiko model; convert it once: kumiko convert %s %s"
            .formatted(
                path, kind, quoted(source.toString()), quoted(stem + "-kumiko.safetensors")));
  }

  /** Quotes a word for the shell if it needs that. */
  private static String quoted(String word) {
    boolean plain =
        word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "/._-+:".indexOf(c) >= 0);
    return plain && !word.startsWith("-") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
