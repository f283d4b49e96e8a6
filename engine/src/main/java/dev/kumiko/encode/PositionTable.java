package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;

/** A learned vector for each position. */
final class PositionTable {
  private static final int NO_TOKEN = -1;

  private final float[] rows;
  private final int hiddenSize;
  private final int firstRow;
  private final int paddingId;

  PositionTable(Architecture a, Position.Learned learned, Weights weights)
      throws ModelFormatException {
    this.hiddenSize = a.hiddenSize();
    this.rows = weights.matrix(TensorNames.POSITION_EMBEDDINGS, a.positions(), hiddenSize);
    this.firstRow = learned.firstRow();
    this.paddingId = learned.paddingId().orElse(NO_TOKEN);
  }

  /** Adds each token's row to {@code hidden} {@code [rows][hidden]}. */
  void add(PackedTexts texts, float[] hidden) {
    for (int text = 0; text < texts.texts(); text++) {
      int next = firstRow;
      for (int row = texts.start(text); row < texts.start(text + 1); row++) {
        int position = texts.id(row) == paddingId ? paddingId : next++;
        int from = position * hiddenSize;
        int to = row * hiddenSize;
        for (int i = 0; i < hiddenSize; i++) {
          hidden[to + i] += rows[from + i];
        }
      }
    }
  }
}
