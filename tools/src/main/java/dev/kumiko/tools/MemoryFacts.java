package dev.kumiko.tools;

import dev.kumiko.encode.Workspace;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import java.util.LinkedHashMap;
import java.util.Map;

/** What memory an embedder of a model takes: the formula of docs/tuning.md. */
final class MemoryFacts {
  /** What an embedder computes at a time in one place. */
  private static final int ROWS = 512;

  /** Measured: two ints and a slot of an index for each token, and its bytes. */
  private static final int BYTES_A_TOKEN = 60;

  private MemoryFacts() {}

  /** Returns the figures by their names, in bytes. */
  static Map<String, Object> of(ModelFile file, ModelDescription model) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("mapped", file.size());
    facts.put("heap", heap(file, model));
    facts.put("heap_a_thread", Workspace.bytes(model.architecture(), ROWS));
    return facts;
  }

  /** Returns the layers' weights, which are packed for the kernels, and the vocabulary. */
  private static long heap(ModelFile file, ModelDescription model) {
    long weights = 0;
    for (Tensor tensor : file.tensors().values()) {
      if (tensor.name().startsWith("layers.") || tensor.name().startsWith(TensorNames.HEAD)) {
        weights += tensor.data().byteSize();
      }
    }
    return weights + (long) BYTES_A_TOKEN * model.vocabularySize();
  }
}
