package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.table.TokenTable;
import java.util.Optional;

/**
 * The first rows: token vector + position vector + token type vector, then a norm, as far as there
 * are any.
 */
final class Embeddings {
  private final Kernels kernels;
  private final int hiddenSize;
  private final TokenTable tokens;
  private final Optional<PositionTable> positions;
  private final float[] tokenTypes;
  private final float factor;
  private final Optional<LayerNorm> norm;

  /** Takes over the table, unless this throws. */
  Embeddings(Architecture a, TokenTable tokens, Weights weights) throws ModelFormatException {
    this.kernels = weights.kernels();
    this.hiddenSize = a.hiddenSize();
    this.tokens = tokens;
    this.positions =
        a.layout().position() instanceof Position.Learned learned
            ? Optional.of(new PositionTable(a, learned, weights))
            : Optional.empty();
    this.tokenTypes =
        a.tokenTypes() == 0
            ? new float[0]
            : weights.matrix(TensorNames.TOKEN_TYPE_EMBEDDINGS, a.tokenTypes(), hiddenSize);
    this.factor = (float) a.layout().embeddingFactor();
    this.norm =
        a.layout().norm().isBehindEmbeddings()
            ? Optional.of(weights.norm(TensorNames.EMBEDDINGS_NORM, hiddenSize))
            : Optional.empty();
  }

  /** Writes the share's rows of {@code w.hidden()}. */
  void apply(RowShare share, Workspace w) {
    PackedTexts texts = w.texts();
    float[] hidden = w.hidden();
    for (int row = share.first(); row < share.end(); row++) {
      tokens.copy(texts.id(row), hidden, row * hiddenSize);
    }
    if (factor != 1) {
      for (int i = share.first() * hiddenSize; i < share.end() * hiddenSize; i++) {
        hidden[i] *= factor;
      }
    }
    if (tokenTypes.length > 0) {
      addTypes(texts, share, hidden);
    }
    if (positions.isPresent()) {
      positions.get().add(texts, share, hidden);
    }
    if (norm.isPresent()) {
      kernels.addAndNormalize(hidden, null, share.first() * hiddenSize, share.rows(), norm.get());
    }
  }

  private void addTypes(PackedTexts texts, RowShare share, float[] hidden) {
    // With one type all texts have it, also the second of a pair.
    int last = tokenTypes.length / hiddenSize - 1;
    for (int row = share.first(); row < share.end(); row++) {
      int from = Math.min(texts.type(row), last) * hiddenSize;
      int to = row * hiddenSize;
      for (int i = 0; i < hiddenSize; i++) {
        hidden[to + i] += tokenTypes[from + i];
      }
    }
  }
}
