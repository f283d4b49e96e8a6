package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The models of the test resources, and what tests do with them. */
public final class TestModels {
  /** States everything that an {@code .onnx} does not. */
  public static final ConversionOptions STATED =
      new ConversionOptions(
          Optional.empty(),
          Optional.of(Pooling.MEAN),
          Optional.of(true),
          Optional.of(16),
          Optional.empty());

  private TestModels() {}

  /** Returns a file or folder of the test resources. */
  public static Path resource(String name) {
    try {
      return Path.of(TestModels.class.getResource("/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Copies a folder of the test resources, to be changed. */
  public static Path copy(String name, Path target) throws IOException {
    Path source = resource(name);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(source.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return target;
  }

  /** Cuts the weights of a folder, and of its modules, to a shorter type. */
  public static void retype(Path folder, DType type) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.filter(file -> file.endsWith("model.safetensors")).toList();
    }
    for (Path weights : files) {
      Path retyped = weights.resolveSibling("retyped");
      try (ModelFile file = ModelFile.open(weights)) {
        ModelWriter writer = new ModelWriter(retyped);
        for (Tensor tensor : file.tensors().values()) {
          long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
          byte[] bytes = HalfFloats.encode(tensor.toFloats(), type);
          writer.bytes(tensor.name(), type, bytes, shape);
        }
        writer.write();
      }
      Files.move(retyped, weights, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Writes a model with the tokenizer's description of another one. */
  public static void withTokenizerOf(Path other, Path model, Path target) throws IOException {
    try (ModelFile file = ModelFile.open(model);
        ModelFile tokenizer = ModelFile.open(other)) {
      Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
      metadata.put("kumiko.tokenizer", tokenizer.metadata().get("kumiko.tokenizer"));
      ModelWriter writer = new ModelWriter(target).metadata(metadata);
      for (Tensor tensor : file.tensors().values()) {
        writer.copy(tensor.name(), tensor);
      }
      writer.write();
    }
  }

  /** Replaces a piece of text that is in a file exactly once. */
  public static void edit(Path file, String before, String after) {
    try {
      String text = Files.readString(file);
      int at = text.indexOf(before);
      assertEquals(at, text.lastIndexOf(before), before);
      assertEquals(true, at >= 0, before);
      Files.writeString(file, text.replace(before, after));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Converts what must be refused; returns the message and checks that no file is left. */
  public static String refusal(Path source, Path folder, ConversionOptions options)
      throws IOException {
    Path output = Files.createDirectory(folder.resolve("output"));
    Path target = output.resolve("model.safetensors");
    IOException refusal =
        assertThrows(
            IOException.class, () -> Converter.convert(source, target, options, line -> {}));
    try (Stream<Path> left = Files.list(output)) {
      assertEquals(List.of(), left.toList());
    }
    Files.delete(output);
    return refusal.getMessage();
  }
}
