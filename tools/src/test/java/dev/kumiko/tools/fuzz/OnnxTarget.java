package dev.kumiko.tools.fuzz;

import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code .onnx} files, converted and loaded. */
final class OnnxTarget implements Target {
  private final Path folder;

  OnnxTarget() throws IOException {
    this.folder = TestModels.copy("tiny-bert", Loading.folder());
  }

  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    try (var files = Files.list(TestModels.resource("tiny-bert"))) {
      for (Path file : files.sorted().toList()) {
        if (file.toString().endsWith(".onnx")) {
          seeds.add(Files.readAllBytes(file));
        }
      }
    }
    return seeds;
  }

  @Override
  public void read(byte[] input) throws IOException {
    Path onnx = Files.write(folder.resolve("fuzz.onnx"), input);
    FolderTarget.convert(onnx, folder.resolve("t.safetensors"), TestModels.STATED);
  }
}
