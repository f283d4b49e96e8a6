package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tensors of a folder: one safetensors file, or several with an index. */
final class Checkpoint implements AutoCloseable {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final String source;
  private final List<ModelFile> files = new ArrayList<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private Checkpoint(String source) {
    this.source = source;
  }

  /**
   * Opens the weights of a folder.
   *
   * @param savedAnew how to write weights of this kind as safetensors, for people
   * @throws IOException if they are absent, damaged, incomplete or of another kind
   */
  static Checkpoint open(Path folder, String savedAnew) throws IOException {
    Path single = folder.resolve(SINGLE);
    Path index = folder.resolve(INDEX);
    boolean isSingle = Files.isRegularFile(single);
    if (!isSingle && !Files.isRegularFile(index)) {
      throw new ConversionException(missing(folder, savedAnew));
    }
    Checkpoint checkpoint = new Checkpoint((isSingle ? single : index).toString());
    try {
      if (isSingle) {
        checkpoint.add(single);
      } else {
        checkpoint.addShards(folder, HuggingFaceFolder.json(index).get("weight_map"));
      }
    } catch (IOException | RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
    return checkpoint;
  }

  private static String missing(Path folder, String savedAnew) throws IOException {
    if (Files.exists(folder.resolve("pytorch_model.bin"))
        || Files.exists(folder.resolve("pytorch_model.bin.index.json"))) {
      return folder
          + " has no model.safetensors, only pytorch_model.bin: a pickle, which is a program and"
          + " may do anything when it is read. Save the model anew with safetensors, in Python: "
          + savedAnew;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.gguf")) {
      for (Path file : files) {
        return "%s has no model.safetensors, only %s: a GGUF file, which Kumiko does not read; convert the folder that it was made from."
            .formatted(folder, file.getFileName());
      }
    }
    return folder + " has no model.safetensors.";
  }

  private void add(Path path) throws IOException {
    ModelFile file = ModelFile.open(path);
    files.add(file);
    for (Tensor tensor : file.tensors().values()) {
      if (tensors.put(tensor.name(), tensor) != null) {
        throw new ConversionException(
            "%s: the tensor %s is in another shard, too.".formatted(path, tensor.name()));
      }
    }
  }

  private void addShards(Path folder, Json map) throws IOException {
    Map<String, Path> shards = new TreeMap<>();
    for (Json file : map.members().values()) {
      String name = file.asString();
      Path path = folder.resolve(name);
      if (name.isEmpty() || !path.normalize().getParent().equals(folder.normalize())) {
        throw file.error("is \"%s\", expected the name of a file beside the index".formatted(name));
      }
      if (!Files.isRegularFile(path)) {
        throw file.error("is %s, but there is no such file: a shard is missing".formatted(name));
      }
      shards.put(name, path);
    }
    for (Path shard : shards.values()) {
      add(shard);
    }
    for (Map.Entry<String, Json> entry : map.members().entrySet()) {
      if (!tensors.containsKey(entry.getKey())) {
        throw entry
            .getValue()
            .error("is %s, which has no such tensor".formatted(entry.getValue().asString()));
      }
    }
  }

  /** Returns what messages call the weights. */
  String source() {
    return source;
  }

  /** Returns the tensors by name, valid until this is closed. */
  Map<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    files.forEach(ModelFile::close);
  }
}
