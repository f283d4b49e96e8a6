package dev.kumiko.tools.vectors;

import dev.kumiko.format.AtomicFile;
import dev.kumiko.format.Json;
import dev.kumiko.search.Int8Ranges;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a file of vectors, kept beside it as {@code FILE.json}.
 *
 * @param model SHA-256 of the model file
 * @param settings how the model was used
 * @param texts SHA-256 of the texts
 * @param vectors how many there are
 * @param dimension number of components
 * @param ranges between which values int8 components lie
 */
public record VectorNotes(
    String model,
    String settings,
    String texts,
    long vectors,
    int dimension,
    Optional<Int8Ranges> ranges) {

  /** Returns where the notes of a file of vectors are. */
  public static Path path(Path vectors) {
    return vectors.resolveSibling(vectors.getFileName() + ".json");
  }

  /** Reads the notes of a file of vectors, if there are any. */
  public static Optional<VectorNotes> read(Path vectors) throws IOException {
    Path path = path(vectors);
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(path)) {
      Json json = Json.parse(path.toString(), in);
      Optional<Int8Ranges> ranges = Optional.empty();
      if (json.find("low").isPresent()) {
        ranges = Optional.of(ranges(path, floats(json.get("low")), floats(json.get("high"))));
      }
      return Optional.of(
          new VectorNotes(
              json.get("model").asString(),
              json.get("settings").asString(),
              json.get("texts").asString(),
              json.get("vectors").asLong(),
              json.get("dimension").asInt(),
              ranges));
    }
  }

  private static Int8Ranges ranges(Path path, float[] low, float[] high) throws IOException {
    try {
      return new Int8Ranges(low, high);
    } catch (IllegalArgumentException e) {
      throw new VectorFileException(path + ": " + e.getMessage());
    }
  }

  private static float[] floats(Json array) throws IOException {
    List<Json> items = array.items();
    float[] floats = new float[items.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) items.get(i).asDouble();
    }
    return floats;
  }

  /** Writes the notes beside a file of vectors. */
  public void write(Path file) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", model);
    members.put("settings", settings);
    members.put("texts", texts);
    members.put("vectors", vectors);
    members.put("dimension", dimension);
    ranges.ifPresent(
        known -> {
          List<Object> low = new ArrayList<>();
          List<Object> high = new ArrayList<>();
          for (int i = 0; i < known.dimension(); i++) {
            low.add((double) known.low(i));
            high.add((double) known.high(i));
          }
          members.put("low", low);
          members.put("high", high);
        });
    ByteBuffer bytes =
        ByteBuffer.wrap((Json.text(members) + "\n").getBytes(StandardCharsets.UTF_8));
    try (AtomicFile target = AtomicFile.replacing(path(file))) {
      while (bytes.hasRemaining()) {
        target.channel().write(bytes);
      }
      target.commit();
    }
  }
}
