package dev.kumiko.tools.convert.onnx.graph;

import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files beside a model that hold data of its tensors ("external data"). Only files in the model's
 * folder, or in folders of that, are opened.
 */
final class ExternalData {
  private final Optional<Path> folder;
  private final Arena arena;
  private final Map<Path, MemorySegment> files = new HashMap<>();

  /**
   * Opens nothing yet.
   *
   * @param folder where the model lies; empty if nothing lies beside it
   * @param arena how long the data stays readable
   */
  ExternalData(Optional<Path> folder, Arena arena) {
    this.folder = folder;
    this.arena = arena;
  }

  /** Returns the data of a tensor, a view of its file. */
  MemorySegment find(String tensor, Map<String, String> place) throws IOException {
    String location = place.getOrDefault("location", "");
    MemorySegment file = file(tensor, location);
    long offset = number(tensor, place, "offset", 0, file);
    long length = number(tensor, place, "length", file.byteSize() - offset, file);
    if (offset > file.byteSize() - length) {
      throw error(
          tensor,
          location,
          "at byte %,d stand %,d bytes, but the file has %,d; it is not whole or belongs to another model"
              .formatted(offset, length, file.byteSize()));
    }
    return file.asSlice(offset, length);
  }

  private MemorySegment file(String tensor, String location) throws IOException {
    if (folder.isEmpty()) {
      throw error(
          tensor,
          location,
          "which does not lie beside it. Save the model as a single .onnx file, or convert the"
              + " .onnx where both files are");
    }
    Path file = path(tensor, location);
    MemorySegment known = files.get(file);
    if (known != null) {
      return known;
    }
    if (!Files.isRegularFile(file)) {
      throw error(tensor, location, "which does not exist. Put it beside the .onnx");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      files.put(file, mapped);
      return mapped;
    }
  }

  private Path path(String tensor, String location) throws ConversionException {
    try {
      Path file = Path.of(location).normalize();
      if (!location.isEmpty() && !file.isAbsolute() && !file.startsWith("..")) {
        return folder.orElseThrow().resolve(file);
      }
    } catch (InvalidPathException e) {
      // Refused below, as any other name that is none of a file beside the model.
    }
    throw error(tensor, location, "which is no name of a file beside the .onnx");
  }

  private static long number(
      String tensor, Map<String, String> place, String key, long otherwise, MemorySegment file)
      throws ConversionException {
    String stated = place.get(key);
    if (stated == null) {
      return otherwise;
    }
    if (!stated.matches("\\d{1,18}") || Long.parseLong(stated) > file.byteSize()) {
      throw error(
          tensor,
          place.get("location"),
          "with the %s %s, but the file has %,d bytes; it is not whole or belongs to another model"
              .formatted(key, stated, file.byteSize()));
    }
    return Long.parseLong(stated);
  }

  private static ConversionException error(String tensor, String location, String reason) {
    return new ConversionException(
        "The data of tensor %s is in the file \"%s\" (ONNX external data), %s."
            .formatted(tensor, location, reason));
  }
}
