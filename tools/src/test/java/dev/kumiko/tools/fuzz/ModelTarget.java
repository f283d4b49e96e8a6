package dev.kumiko.tools.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Model files, loaded and given a text. */
final class ModelTarget implements Target {
  private final Path folder;

  ModelTarget() throws IOException {
    this.folder = Loading.folder();
  }

  @Override
  public String name() {
    return "model";
  }

  @Override
  public List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (String name : Loading.FOLDERS) {
      seeds.add(Files.readAllBytes(Loading.converted(name, folder)));
    }
    return seeds;
  }

  @Override
  public void read(byte[] input) throws IOException {
    Loading.use(Files.write(folder.resolve("m.safetensors"), input));
  }
}
