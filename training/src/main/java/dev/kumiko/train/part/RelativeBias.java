package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Layout;
import dev.kumiko.train.parameter.Parameter;

/** The gradient of the relative bias, gathered by distance and brought to its buckets. */
final class RelativeBias {
  private final Layout.RelativeBias buckets;
  private final Parameter table;

  /**
   * A bias that layers share.
   *
   * @param table {@code [buckets][heads]}
   */
  RelativeBias(Layout.RelativeBias buckets, Parameter table) {
    this.buckets = buckets;
    this.table = table;
  }

  /**
   * Adds to the table's gradient, text by text.
   *
   * @param byDistance for each text and head {@code [2 * tokens - 1]}, distance 0 in the middle
   */
  void add(PackedTexts texts, float[][] byDistance) {
    if (table.isFrozen()) {
      return;
    }
    int heads = table.columns();
    for (int text = 0; text < texts.texts(); text++) {
      int middle = texts.tokens(text) - 1;
      for (int distance = -middle; distance <= middle; distance++) {
        int row = buckets.bucket(distance) * heads;
        for (int head = 0; head < heads; head++) {
          table.gradient()[row + head] += byDistance[text * heads + head][middle + distance];
        }
      }
    }
  }
}
