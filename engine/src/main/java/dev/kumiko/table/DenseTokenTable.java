package dev.kumiko.table;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A table {@code [tokens][hidden]} that stays in the mapped file: only rows in use are read. */
final class DenseTokenTable implements TokenTable {
  private static final ValueLayout.OfFloat LAYOUT =
      JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ModelFile file;
  private final MemorySegment rows;
  private final int tokens;
  private final int hiddenSize;

  /**
   * Creates the table.
   *
   * @param file has the table, F32 {@code [tokens][hiddenSize]}; closed with the table
   */
  DenseTokenTable(ModelFile file, int tokens, int hiddenSize) throws ModelFormatException {
    this.file = file;
    this.rows =
        file.tensor(TensorNames.TOKEN_EMBEDDINGS).expect(DType.F32, tokens, hiddenSize).data();
    this.tokens = tokens;
    this.hiddenSize = hiddenSize;
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public int hiddenSize() {
    return hiddenSize;
  }

  @Override
  public void copy(int id, float[] target, int offset) {
    long from = (long) id * hiddenSize * Float.BYTES;
    MemorySegment.copy(rows, LAYOUT, from, target, offset, hiddenSize);
  }

  @Override
  public void close() {
    file.close();
  }
}
