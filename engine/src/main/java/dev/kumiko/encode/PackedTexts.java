package dev.kumiko.encode;

import java.util.Arrays;

/**
 * The tokens of several texts, one text after another, without padding. Row {@code r} of every
 * activation belongs to token {@code r}; text {@code t} has the rows {@code start(t)} to {@code
 * start(t + 1)}.
 */
public final class PackedTexts {
  private int[] ids = new int[256];
  private int[] types = new int[256];
  private int[] starts = new int[17];
  private int texts;

  /**
   * Appends a text.
   *
   * @param textIds token ids, at least one, copied
   * @param firstLength so many tokens have token type 0, the others type 1
   */
  public void add(int[] textIds, int firstLength) {
    int rows = rows();
    int end = Math.addExact(rows, textIds.length);
    if (end > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(end, 2 * ids.length));
      types = Arrays.copyOf(types, ids.length);
    }
    if (texts + 2 > starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    System.arraycopy(textIds, 0, ids, rows, textIds.length);
    Arrays.fill(types, rows, rows + firstLength, 0);
    Arrays.fill(types, rows + firstLength, end, 1);
    starts[++texts] = end;
  }

  /** Forgets all texts. */
  public void clear() {
    texts = 0;
  }

  /** Returns the number of texts. */
  public int texts() {
    return texts;
  }

  /** Returns the number of tokens of all texts. */
  public int rows() {
    return starts[texts];
  }

  /** Returns the first row of a text; for {@code text == texts()} the end of the last one. */
  public int start(int text) {
    return starts[text];
  }

  /** Returns the number of tokens of a text. */
  public int tokens(int text) {
    return starts[text + 1] - starts[text];
  }

  /** Returns the text that a row belongs to; for {@code row == rows()} the end of the texts. */
  int textOf(int row) {
    int found = Arrays.binarySearch(starts, 0, texts + 1, row);
    return found >= 0 ? found : -found - 2;
  }

  /** Returns the token id of a row. */
  public int id(int row) {
    return ids[row];
  }

  /** Returns the token type of a row. */
  public int type(int row) {
    return types[row];
  }
}
