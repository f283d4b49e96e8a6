package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import dev.kumiko.model.ModelFormatException;

/** A learned vector for each position. */
final class PositionTable {
  private final float[] rows;
  private final int hiddenSize;
  private final Position.Learned positions;

  PositionTable(Architecture a, Position.Learned learned, Weights weights)
      throws ModelFormatException {
    this.hiddenSize = a.hiddenSize();
    this.rows = weights.table(TensorNames.POSITION_EMBEDDINGS_PART, a.positions(), hiddenSize);
    this.positions = learned;
  }

  /** Adds each token's row to the share's rows of {@code hidden} {@code [rows][hidden]}. */
  void add(PackedTexts texts, RowShare share, float[] hidden) {
    int first = share.first();
    for (int text = texts.textOf(first); texts.start(text) < share.end(); text++) {
      int next = positions.firstRow();
      int end = Math.min(share.end(), texts.start(text + 1));
      for (int row = texts.start(text); row < end; row++) {
        int id = texts.id(row);
        int position = positions.isPadding(id) ? id : next++;
        if (row < first) {
          continue;
        }
        int from = position * hiddenSize;
        int to = row * hiddenSize;
        for (int i = 0; i < hiddenSize; i++) {
          hidden[to + i] += rows[from + i];
        }
      }
    }
  }
}
