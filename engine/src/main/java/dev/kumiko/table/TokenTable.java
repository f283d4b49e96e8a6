package dev.kumiko.table;

import dev.kumiko.format.ComposedTable;
import dev.kumiko.format.Composition;
import dev.kumiko.format.DType;
import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.util.List;

/**
 * From token id to token vector. Safe for concurrent use; holds a mapping of its own of the part of
 * the model file it reads, until it is closed.
 */
public interface TokenTable extends AutoCloseable {
  /**
   * Opens the token table of a model, of whichever kind it is.
   *
   * @param file may be closed afterwards
   * @throws dev.kumiko.model.ModelFormatException if the table has another type or shape, or is
   *     composed in a way that cannot be
   * @throws IOException if the file cannot be mapped again
   */
  static TokenTable open(ModelFile file, int tokens, int hiddenSize) throws IOException {
    if (Composition.isStored(file)) {
      return composed(file, tokens, hiddenSize);
    }
    String part = TensorNames.TOKEN_EMBEDDINGS_PART;
    boolean int8 = Int8Matrix.isStored(file, part);
    List<String> names =
        int8
            ? List.of(TensorNames.weight(part), TensorNames.scale(part))
            : List.of(TensorNames.weight(part));
    ModelFile own = file.retaining(names);
    try {
      if (int8) {
        return new Int8TokenTable(own, Int8Matrix.read(own, part, tokens, hiddenSize));
      }
      Tensor table = own.tensor(TensorNames.weight(part)).expectWeights(tokens, hiddenSize);
      return table.type() == DType.F32
          ? new DenseTokenTable(own, table)
          : new HalfTokenTable(own, table);
    } catch (IOException | RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  private static TokenTable composed(ModelFile file, int tokens, int hiddenSize)
      throws IOException {
    ComposedTable table = ComposedTable.read(file, tokens, hiddenSize);
    ModelFile codes = file.retaining(table.codeTensors());
    try {
      return new ComposedTokenTable(table, codes, tokens, hiddenSize);
    } catch (IOException | RuntimeException | Error e) {
      codes.close();
      throw e;
    }
  }

  /** Returns the number of tokens. */
  int tokens();

  /** Returns the length of a token vector. */
  int hiddenSize();

  /**
   * Writes the vector of one token.
   *
   * @param id less than {@link #tokens()}
   * @param target gets {@link #hiddenSize()} values from {@code offset}
   */
  void copy(int id, float[] target, int offset);

  /** Frees the mapping. */
  @Override
  void close();
}
