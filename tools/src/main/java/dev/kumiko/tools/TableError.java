package dev.kumiko.tools;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFile;
import dev.kumiko.table.TokenTable;
import java.io.IOException;

/** How far one model's token table is from another's. */
final class TableError {
  private TableError() {}

  /**
   * Returns the length of the difference divided by the length of the reference, all rows taken
   * together.
   *
   * @param sizes of both tables
   */
  static double relative(ModelFile reference, ModelFile model, Architecture sizes)
      throws IOException {
    int tokens = sizes.vocabularySize();
    int width = sizes.hiddenSize();
    float[] expected = new float[width];
    float[] actual = new float[width];
    double error = 0;
    double magnitude = 0;
    try (TokenTable before = TokenTable.open(reference, tokens, width);
        TokenTable after = TokenTable.open(model, tokens, width)) {
      for (int id = 0; id < tokens; id++) {
        before.copy(id, expected, 0);
        after.copy(id, actual, 0);
        for (int i = 0; i < width; i++) {
          double difference = (double) expected[i] - actual[i];
          error += difference * difference;
          magnitude += (double) expected[i] * expected[i];
        }
      }
    }
    return magnitude == 0 ? 0 : Math.sqrt(error / magnitude);
  }
}
