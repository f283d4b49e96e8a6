package dev.kumiko.tools.fuzz;

import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hugging Face folders, converted and loaded. An input is the name of a file of one of the folders,
 * a line end, and what the file holds instead.
 */
final class FolderTarget implements Target {
  private final Path folder;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  FolderTarget() throws IOException {
    this.folder = Loading.folder();
    for (String name : Loading.FOLDERS) {
      Path copy = TestModels.copy(name, folder.resolve(name));
      try (var all = Files.walk(copy)) {
        for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
          if (!file.toString().endsWith(".onnx") && !file.endsWith("golden.json")) {
            files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
          }
        }
      }
    }
  }

  @Override
  public String name() {
    return "folder";
  }

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      byte[] name = (file.getKey() + "\n").getBytes(StandardCharsets.UTF_8);
      byte[] seed = Arrays.copyOf(name, name.length + file.getValue().length);
      System.arraycopy(file.getValue(), 0, seed, name.length, file.getValue().length);
      seeds.add(seed);
    }
    return seeds;
  }

  @Override
  public void read(byte[] input) throws IOException {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String name = new String(input, 0, end, StandardCharsets.UTF_8);
    byte[] original = files.get(name);
    if (original == null) {
      return;
    }
    Path file = folder.resolve(name);
    Files.write(file, Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length));
    try {
      String model = model(name);
      convert(folder.resolve(model), folder.resolve("t.safetensors"), Loading.options(model));
    } finally {
      Files.write(file, original);
    }
  }

  private static String model(String name) {
    return Loading.FOLDERS.stream().filter(name::startsWith).findFirst().orElseThrow();
  }

  /** Converts; what is converted has to be a model. */
  static void convert(Path source, Path target, ConversionOptions options) throws IOException {
    Converter.convert(source, target, options, line -> {});
    try {
      Loading.use(target);
    } catch (IOException e) {
      throw new AssertionError("was converted into no model", e);
    }
  }
}
