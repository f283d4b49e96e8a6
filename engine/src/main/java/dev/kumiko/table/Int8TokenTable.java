package dev.kumiko.table;

import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.ModelFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A table of int8 rows with one scale each, left in the mapped file. */
final class Int8TokenTable implements TokenTable {
  private final ModelFile file;
  private final MemorySegment rows;
  private final float[] scales;
  private final int hiddenSize;

  /**
   * Creates the table.
   *
   * @param file the file of the matrix, closed with the table
   * @param matrix {@code [tokens][hiddenSize]}
   */
  Int8TokenTable(ModelFile file, Int8Matrix matrix) {
    this.file = file;
    this.rows = matrix.elements().data();
    this.scales = matrix.scales();
    this.hiddenSize = matrix.columns();
  }

  @Override
  public int tokens() {
    return scales.length;
  }

  @Override
  public int hiddenSize() {
    return hiddenSize;
  }

  @Override
  public void copy(int id, float[] target, int offset) {
    long from = (long) id * hiddenSize;
    float scale = scales[id];
    for (int i = 0; i < hiddenSize; i++) {
      target[offset + i] = rows.get(ValueLayout.JAVA_BYTE, from + i) * scale;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
