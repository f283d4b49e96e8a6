package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.table.TokenTable;

/** The first rows: token vector + position vector + token type vector, then LayerNorm. */
final class Embeddings {
  private final Kernels kernels;
  private final int hiddenSize;
  private final TokenTable tokens;
  private final float[] positions;
  private final float[] tokenTypes;
  private final LayerNorm norm;

  /** Takes over the table, unless this throws. */
  Embeddings(Architecture a, TokenTable tokens, Weights weights) throws ModelFormatException {
    this.kernels = weights.kernels();
    this.hiddenSize = a.hiddenSize();
    this.tokens = tokens;
    this.positions = weights.table(TensorNames.POSITION_EMBEDDINGS_PART, a.positions(), hiddenSize);
    this.tokenTypes = weights.matrix(TensorNames.TOKEN_TYPE_EMBEDDINGS, a.tokenTypes(), hiddenSize);
    this.norm = weights.norm(TensorNames.EMBEDDINGS_NORM, hiddenSize);
  }

  /** Writes {@code [rows][hidden]}. */
  void apply(PackedTexts texts, float[] hidden) {
    for (int text = 0; text < texts.texts(); text++) {
      int start = texts.start(text);
      for (int position = 0; position < texts.tokens(text); position++) {
        int row = start + position;
        int to = row * hiddenSize;
        int p = position * hiddenSize;
        int t = texts.type(row) * hiddenSize;
        tokens.copy(texts.id(row), hidden, to);
        for (int i = 0; i < hiddenSize; i++) {
          hidden[to + i] += positions[p + i] + tokenTypes[t + i];
        }
      }
    }
    kernels.addAndNormalize(hidden, null, 0, texts.rows(), norm);
  }
}
