package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Composition;
import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.table.TokenTable;
import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.huggingface.TensorSources.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes tensors of a model under the names of another library. */
final class ExportedWeights {
  private final ModelFile model;
  private final Architecture architecture;

  ExportedWeights(ModelFile model, Architecture architecture) {
    this.model = model;
    this.architecture = architecture;
  }

  /** Returns whether the token table is composed of parts. */
  boolean tableIsComposed() {
    return Composition.isStored(model);
  }

  /**
   * Writes a file.
   *
   * @param tensors names in the file, each with the tensors of the model whose rows follow each
   *     other there
   */
  void write(Path target, Map<String, List<String>> tensors) throws IOException {
    ModelWriter writer = new ModelWriter(target).metadata("format", "pt");
    for (Map.Entry<String, List<String>> tensor : tensors.entrySet()) {
      List<String> rows = tensor.getValue();
      if (rows.equals(List.of(TensorNames.TOKEN_EMBEDDINGS)) && tableIsComposed()) {
        long[] shape = {architecture.vocabularySize(), architecture.hiddenSize()};
        writer.tensor(tensor.getKey(), DType.F32, shape, this::writeTable);
      } else {
        add(writer, tensor.getKey(), rows);
      }
    }
    writer.write();
  }

  private void add(ModelWriter writer, String name, List<String> rows) throws IOException {
    List<Weight> weights = new ArrayList<>();
    for (String row : rows) {
      Tensor tensor = model.tensor(row);
      weights.add(new Weight(row, tensor.type(), tensor.shape(), tensor.data(), false));
    }
    long[] shape = weights.getFirst().shape().stream().mapToLong(Long::longValue).toArray();
    shape[0] = weights.stream().mapToLong(weight -> weight.shape().getFirst()).sum();
    DType type = commonType(weights);
    writer.tensor(
        name,
        type,
        shape,
        out -> {
          for (Weight weight : weights) {
            weight.writeTo(out, type);
          }
        });
  }

  /** Parts of different types become floats, which hold all of them. */
  private static DType commonType(List<Weight> weights) {
    DType first = weights.getFirst().type();
    boolean same = weights.stream().allMatch(weight -> weight.type() == first);
    return same && first.isWeight() ? first : DType.F32;
  }

  /**
   * Returns the type in which a reader may hold all tensors without changing one, by torch's name.
   */
  String torchType(Collection<String> tensors) throws IOException {
    Set<DType> types = EnumSet.noneOf(DType.class);
    for (String name : tensors) {
      boolean composed = name.equals(TensorNames.TOKEN_EMBEDDINGS) && tableIsComposed();
      types.add(composed ? DType.F32 : model.tensor(name).type());
    }
    if (types.equals(EnumSet.of(DType.BF16))) {
      return "bfloat16";
    }
    return types.equals(EnumSet.of(DType.F16)) ? "float16" : "float32";
  }

  private void writeTable(OutputStream out) throws IOException {
    int size = architecture.hiddenSize();
    float[] row = new float[size];
    ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (TokenTable table = TokenTable.open(model, architecture.vocabularySize(), size)) {
      for (int id = 0; id < architecture.vocabularySize(); id++) {
        table.copy(id, row, 0);
        bytes.asFloatBuffer().put(row);
        out.write(bytes.array());
      }
    }
  }

  /** Returns what a file of these tensors of the model is made of. */
  static Map<String, List<String>> sources(TensorSources sources, Collection<String> tensors) {
    Map<String, List<String>> files = new LinkedHashMap<>();
    for (String tensor : tensors) {
      Source source = sources.of(tensor);
      files.computeIfAbsent(source.name(), name -> new ArrayList<>()).add(tensor);
    }
    for (Map.Entry<String, List<String>> file : files.entrySet()) {
      file.getValue().sort((a, b) -> Integer.compare(sources.of(a).slice(), sources.of(b).slice()));
    }
    return files;
  }
}
