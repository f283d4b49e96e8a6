package dev.kumiko.table;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A table of 16-bit numbers that stays in the mapped file; the rows in use are widened. */
final class HalfTokenTable implements TokenTable {
  private static final ValueLayout.OfShort LAYOUT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ModelFile file;
  private final MemorySegment rows;
  private final boolean brain;
  private final int tokens;
  private final int hiddenSize;

  /**
   * Creates the table.
   *
   * @param file the file of the tensor, closed with the table
   * @param table BF16 or F16 {@code [tokens][hiddenSize]}
   */
  HalfTokenTable(ModelFile file, Tensor table) {
    this.file = file;
    this.rows = table.data();
    this.brain = table.type() == DType.BF16;
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
    long from = (long) id * hiddenSize * Short.BYTES;
    for (int i = 0; i < hiddenSize; i++) {
      short bits = rows.get(LAYOUT, from + (long) i * Short.BYTES);
      target[offset + i] =
          brain ? Float.intBitsToFloat(bits << Short.SIZE) : Float.float16ToFloat(bits);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
