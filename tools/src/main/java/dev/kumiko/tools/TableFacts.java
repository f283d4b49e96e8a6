package dev.kumiko.tools;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ComposedTable;
import dev.kumiko.format.Composition;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.model.ModelFormatException;
import java.util.Locale;

/**
 * How a model stores its token table.
 *
 * @param kind the kind for people, such as {@code context 48 x 256}
 * @param type the type of its numbers
 * @param bytes of all tensors that belong to it
 * @param parameters how many numbers it has; codes and scales are none
 * @param cut which share of the parameters of a dense table is saved, from 0 to 1
 */
record TableFacts(String kind, String type, long bytes, long parameters, double cut) {
  private static final String TENSORS = TensorNames.TOKEN_EMBEDDINGS_PART + ".";

  /**
   * Looks at a model's table.
   *
   * @throws ModelFormatException if it is malformed
   */
  static TableFacts of(ModelFile file, Architecture sizes) throws ModelFormatException {
    long bytes = 0;
    long parameters = 0;
    String type = "";
    for (Tensor tensor : file.tensors().values()) {
      if (tensor.name().startsWith(TENSORS)) {
        bytes += tensor.data().byteSize();
        if (tensor.name().endsWith(TensorNames.weight(""))) {
          parameters += tensor.elements();
          type = tensor.type().name();
        }
      }
    }
    long dense = (long) sizes.vocabularySize() * sizes.hiddenSize();
    return new TableFacts(
        kind(file, sizes), type, bytes, parameters, 1 - (double) parameters / dense);
  }

  private static String kind(ModelFile file, Architecture sizes) throws ModelFormatException {
    if (!Composition.isStored(file)) {
      return "dense";
    }
    ComposedTable table = ComposedTable.read(file, sizes.vocabularySize(), sizes.hiddenSize());
    int parts = table.composition().parts();
    int most = table.size(0);
    for (int f = 1; f < parts; f++) {
      most = Math.max(most, table.size(f));
    }
    String assignment = table.composition().assignment().name().toLowerCase(Locale.ROOT);
    boolean ordered = file.find(TensorNames.TOKEN_ORDER).isPresent();
    return "%s %d x %d%s".formatted(assignment, parts, most, ordered ? " ordered" : "");
  }
}
