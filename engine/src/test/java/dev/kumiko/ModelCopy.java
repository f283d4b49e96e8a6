package dev.kumiko;

import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A copy of a model file with something changed. */
final class ModelCopy {
  private final Path source;
  private final Map<String, String> metadata = new HashMap<>();
  private final Map<String, Consumer<ModelWriter>> tensors = new LinkedHashMap<>();

  ModelCopy(Path source) {
    this.source = source;
  }

  ModelCopy metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  ModelCopy without(String tensor) {
    return with(tensor, writer -> {});
  }

  ModelCopy with(String tensor, Consumer<ModelWriter> replacement) {
    tensors.put(tensor, replacement);
    return this;
  }

  Path write(Path target) throws IOException {
    try (ModelFile file = ModelFile.open(source)) {
      ModelWriter writer = new ModelWriter(target);
      Map<String, String> changed = new LinkedHashMap<>(file.metadata());
      changed.putAll(metadata);
      writer.metadata(changed);
      for (Tensor tensor : file.tensors().values()) {
        if (!tensors.containsKey(tensor.name())) {
          writer.copy(tensor.name(), tensor);
        }
      }
      tensors.values().forEach(replacement -> replacement.accept(writer));
      writer.write();
    }
    return target;
  }
}
