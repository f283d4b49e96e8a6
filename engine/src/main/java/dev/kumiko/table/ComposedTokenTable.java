package dev.kumiko.table;

import dev.kumiko.format.ComposedTable;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TokenCodes;
import dev.kumiko.model.ModelFormatException;
import java.util.Arrays;

/**
 * A table composed of shared sub-vectors. These are in memory, as floats; the tokens' codes stay in
 * the mapped file.
 */
final class ComposedTokenTable implements TokenTable {
  private final ModelFile codeFile;
  private final TokenCodes codes;
  private final int tokens;
  private final int hiddenSize;

  /** {@code [parts][vectors * width]}. */
  private final float[][] vectors;

  private final int[] widths;
  private final int[] ownRowIds;
  private final float[] ownRows;

  /**
   * Creates the table.
   *
   * @param codeFile has the table's codes, closed with this
   * @throws ModelFormatException if there is a token whose codes are wrong
   */
  ComposedTokenTable(ComposedTable table, ModelFile codeFile, int tokens, int hiddenSize)
      throws ModelFormatException {
    this.codeFile = codeFile;
    this.codes = table.codes(codeFile);
    this.tokens = tokens;
    this.hiddenSize = hiddenSize;
    this.vectors = new float[table.composition().parts()][];
    this.widths = new int[vectors.length];
    for (int f = 0; f < vectors.length; f++) {
      vectors[f] = table.vectors(f);
      widths[f] = table.width(f);
    }
    this.ownRowIds = table.ownRowIds();
    this.ownRows = table.ownRows();
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
    int own = Arrays.binarySearch(ownRowIds, id);
    if (own >= 0) {
      System.arraycopy(ownRows, own * hiddenSize, target, offset, hiddenSize);
      return;
    }
    int to = offset;
    for (int f = 0; f < vectors.length; f++) {
      int width = widths[f];
      System.arraycopy(vectors[f], codes.code(id, f) * width, target, to, width);
      to += width;
    }
  }

  @Override
  public void close() {
    codeFile.close();
  }
}
