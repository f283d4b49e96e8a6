package dev.kumiko.tools.convert;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads JSON files of a model's folder. */
public final class JsonFile {
  private JsonFile() {}

  /**
   * Reads a file that has to be there.
   *
   * @throws IOException if it is missing, cannot be read or is not JSON
   */
  public static Json read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new ConversionException(file + " is missing.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Json.parse(file.toString(), in);
    }
  }

  /** Reads a file that may be missing. */
  public static Optional<Json> find(Path file) throws IOException {
    return Files.isRegularFile(file) ? Optional.of(read(file)) : Optional.empty();
  }

  /** Returns a member that is there and not null. */
  public static Optional<Json> present(Json object, String name) throws ModelFormatException {
    return object.find(name).filter(value -> !value.isNull());
  }
}
