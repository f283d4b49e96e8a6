package dev.kumiko.table;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A table of floats that stays in the mapped file: only rows in use are read. */
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
   * @param file the file of the tensor, closed with the table
   * @param table F32 {@code [tokens][hiddenSize]}
   */
  DenseTokenTable(ModelFile file, Tensor table) {
    this.file = file;
    this.rows = table.data();
    this.tokens = Math.toIntExact(table.shape().get(0));
    this.hiddenSize = Math.toIntExact(table.shape().get(1));
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
