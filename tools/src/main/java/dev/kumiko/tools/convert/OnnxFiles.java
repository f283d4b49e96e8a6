package dev.kumiko.tools.convert;

import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.onnx.OnnxSource;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Finds an {@code .onnx} and the {@code tokenizer.json} that belongs to it. */
final class OnnxFiles {
  private static final String SUFFIX = ".onnx";

  private OnnxFiles() {}

  /** Reads an {@code .onnx} file with its tokenizer beside it. */
  static SourceModel readFile(Path onnx, Arena arena, Consumer<String> log) throws IOException {
    String file = onnx.getFileName().toString();
    List<String> names = tokenizerNames(stem(file));
    Path tokenizer =
        names.stream()
            .map(onnx::resolveSibling)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(
                () ->
                    new ConversionException(
                        "%s: no tokenizer lies beside it; put its %s there."
                            .formatted(onnx, String.join(" or ", names))));
    try (InputStream in = Files.newInputStream(tokenizer)) {
      Json json = Json.parse(tokenizer.toString(), in);
      return OnnxSource.read(onnx, onnx.toString(), file, json, traits(file), arena, log);
    }
  }

  /** Reads the {@code .onnx} and the tokenizer that a JAR holds. */
  static SourceModel readJar(Path jar, Arena arena, Consumer<String> log) throws IOException {
    Path copy = Files.createTempFile("kumiko-", SUFFIX);
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry onnx = onlyOnnx(jar, zip);
      ZipEntry tokenizer = tokenizerOf(jar, zip, onnx);
      try (InputStream in = zip.getInputStream(onnx)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      String file = Path.of(onnx.getName()).getFileName().toString();
      try (InputStream in = zip.getInputStream(tokenizer)) {
        Json json = Json.parse(jar + "!/" + tokenizer.getName(), in);
        return OnnxSource.read(
            copy,
            jar + "!/" + onnx.getName(),
            file + " in " + jar.getFileName(),
            json,
            traits(file),
            arena,
            log);
      }
    } catch (ZipException e) {
      throw new ConversionException("%s is not a whole JAR: %s.".formatted(jar, e.getMessage()));
    } finally {
      // The mapping outlives the name.
      Files.delete(copy);
    }
  }

  private static ZipEntry onlyOnnx(Path jar, ZipFile zip) throws ConversionException {
    List<? extends ZipEntry> found;
    try (Stream<? extends ZipEntry> entries = zip.stream()) {
      found = entries.filter(entry -> entry.getName().endsWith(SUFFIX)).toList();
    }
    if (found.size() != 1) {
      throw new ConversionException(
          "%s holds %d .onnx files %s, expected one."
              .formatted(jar, found.size(), found.stream().map(ZipEntry::getName).toList()));
    }
    return found.get(0);
  }

  private static ZipEntry tokenizerOf(Path jar, ZipFile zip, ZipEntry onnx)
      throws ConversionException {
    String folder = onnx.getName().substring(0, onnx.getName().lastIndexOf('/') + 1);
    List<String> names = tokenizerNames(stem(onnx.getName().substring(folder.length())));
    return names.stream()
        .flatMap(name -> Optional.ofNullable(zip.getEntry(folder + name)).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new ConversionException(
                    "%s holds %s but no %s beside it."
                        .formatted(jar, onnx.getName(), String.join(" or ", names))));
  }

  private static List<String> tokenizerNames(String stem) {
    return List.of(stem + "-tokenizer.json", "tokenizer.json");
  }

  private static String stem(String file) {
    return file.substring(0, file.length() - SUFFIX.length());
  }

  private static Traits traits(String file) {
    return KnownModels.find(stem(file)).orElseGet(() -> Traits.unknown(stem(file)));
  }
}
