package dev.kumiko.tools.compress;

import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.lang.foreign.ValueLayout;

/**
 * The token table of a model, {@code [tokens][hidden]}, of floating-point numbers or int8. It stays
 * in the file: a table may be larger than the memory. Safe for concurrent use.
 */
final class SourceTable {
  private final String source;
  private final Tensor elements;
  private final int tokens;
  private final int hiddenSize;

  /** The scale of each row of an int8 table, or null. */
  private final float[] scales;

  SourceTable(ModelFile model, int tokens, int hiddenSize) throws IOException {
    String part = TensorNames.TOKEN_EMBEDDINGS_PART;
    this.source = model.source();
    this.elements = model.tensor(TensorNames.weight(part));
    this.tokens = tokens;
    this.hiddenSize = hiddenSize;
    this.scales =
        Int8Matrix.isStored(model, part)
            ? Int8Matrix.read(model, part, tokens, hiddenSize).scales()
            : null;
  }

  int tokens() {
    return tokens;
  }

  int hiddenSize() {
    return hiddenSize;
  }

  /** Writes the components {@code [start, start + width)} of a token's vector. */
  void copy(int token, int start, int width, float[] target, int offset) throws IOException {
    long from = (long) token * hiddenSize + start;
    if (scales == null) {
      elements.copyFloats(from, target, offset, width);
      return;
    }
    for (int i = 0; i < width; i++) {
      target[offset + i] = elements.data().get(ValueLayout.JAVA_BYTE, from + i) * scales[token];
    }
  }

  /**
   * Returns some components of all tokens, {@code [tokens][width]}.
   *
   * @param memory is filled and returned if it has the right length
   * @throws IOException if one is not finite
   */
  float[] columns(int start, int width, float[] memory) throws IOException {
    if ((long) tokens * width > Integer.MAX_VALUE - 8) {
      throw new IOException(
          "%s: %,d tokens of %,d components a part are too many for an array; use more --parts"
              .formatted(source, tokens, width));
    }
    float[] columns = memory.length == tokens * width ? memory : new float[tokens * width];
    for (int token = 0; token < tokens; token++) {
      copy(token, start, width, columns, token * width);
      for (int i = 0; i < width; i++) {
        if (!Float.isFinite(columns[token * width + i])) {
          throw new IOException(
              "%s: %s has the value %s in row %,d; only finite weights can be compressed."
                  .formatted(source, elements.name(), columns[token * width + i], token));
        }
      }
    }
    return columns;
  }
}
