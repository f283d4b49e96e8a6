package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what follows the encoder as modules of sentence-transformers. */
final class ExportedModules {
  private final ModelDescription model;
  private final ExportedWeights weights;
  private final Path folder;
  private final List<Object> modules = new ArrayList<>();

  ExportedModules(ModelDescription model, ExportedWeights weights, Path folder) {
    this.model = model;
    this.weights = weights;
    this.folder = folder;
  }

  void write() throws IOException {
    Head head = model.head();
    if (head.poolsFromText()) {
      throw new ConversionException(
          "%s has a weighted mean that begins at the text, for which sentence-transformers has no name: it cannot be exported."
              .formatted(model.name()));
    }
    int hiddenSize = model.architecture().hiddenSize();
    add("", "Transformer");
    Path pooling = folder(add("1_Pooling", "Pooling"));
    json(pooling, PoolingConfig.members(head.pooling(), head.poolPrompt(), hiddenSize));
    for (int i = 0; i < head.steps().size(); i++) {
      switch (head.steps().get(i)) {
        case HeadStep.Dense dense -> addDense(i, dense, head.inputs(i, hiddenSize));
        case HeadStep.Norm norm -> addNorm(i, norm, head.inputs(i, hiddenSize));
        case HeadStep.Normalize() -> addNormalize();
      }
    }
    if (head.normalize()) {
      addNormalize();
    }
    Files.writeString(folder.resolve("modules.json"), Json.text(modules));
  }

  private String add(String path, String type) {
    int number = modules.size();
    Map<String, Object> module = new LinkedHashMap<>();
    module.put("idx", number);
    module.put("name", Integer.toString(number));
    module.put("path", path);
    module.put("type", "sentence_transformers.models." + type);
    modules.add(module);
    return path;
  }

  private String add(String type) {
    return add(modules.size() + "_" + type, type);
  }

  private Path folder(String path) throws IOException {
    return Files.createDirectory(folder.resolve(path));
  }

  private static void json(Path folder, Map<String, Object> members) throws IOException {
    Files.writeString(folder.resolve("config.json"), Json.text(members));
  }

  private void addDense(int step, HeadStep.Dense dense, int inputs) throws IOException {
    HeadActivation activation = dense.activation();
    if (Modules.className(activation).isEmpty()) {
      throw new ConversionException(
          "%s has a linear map with the activation %s behind its pooling, for which sentence-transformers has no name: it cannot be exported."
              .formatted(model.name(), activation));
    }
    Path path = folder(add("Dense"));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("in_features", inputs);
    members.put("out_features", dense.outputs());
    members.put("bias", dense.bias());
    members.put("activation_function", Modules.className(activation).get());
    json(path, members);
    write(path, step, "linear", dense.bias());
  }

  private void addNorm(int step, HeadStep.Norm norm, int size) throws IOException {
    if (norm.epsilon() != Modules.NORM_EPSILON || !norm.bias()) {
      throw new ConversionException(
          "%s has a LayerNorm with epsilon %s and %s bias behind its pooling; that of sentence-transformers has %s and one: it cannot be exported."
              .formatted(
                  model.name(), norm.epsilon(), norm.bias() ? "a" : "no", Modules.NORM_EPSILON));
    }
    Path path = folder(add("LayerNorm"));
    json(path, Map.of("dimension", size));
    write(path, step, "norm", true);
  }

  private void addNormalize() throws IOException {
    folder(add("Normalize"));
  }

  private void write(Path path, int step, String name, boolean bias) throws IOException {
    String part = TensorNames.headStep(step);
    Map<String, List<String>> tensors = new LinkedHashMap<>();
    tensors.put(name + ".weight", List.of(TensorNames.weight(part)));
    if (bias) {
      tensors.put(name + ".bias", List.of(TensorNames.bias(part)));
    }
    weights.write(path.resolve("model.safetensors"), tensors);
  }
}
