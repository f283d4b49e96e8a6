package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import java.util.Optional;

/** Multi-head self-attention; query, key and value are one product. */
final class SelfAttention {
  private final Kernels kernels;
  private final int heads;
  private final int headSize;
  private final Linear qkv;
  private final Linear output;
  private final Distances distances;
  private final Optional<Rotary> rotary;

  SelfAttention(Architecture a, Weights weights, PositionParts positions, int layer)
      throws ModelFormatException {
    int d = a.hiddenSize();
    this.kernels = weights.kernels();
    this.heads = a.attentionHeads();
    this.headSize = a.headSize();
    this.qkv =
        weights.linear(
            d,
            d,
            TensorNames.attentionQuery(layer),
            TensorNames.attentionKey(layer),
            TensorNames.attentionValue(layer));
    this.output = weights.linear(d, d, TensorNames.attentionOutput(layer));
    this.distances = positions.distances(layer);
    this.rotary = positions.rotary(layer);
  }

  /** Writes the attention of {@code input} {@code [rows][hidden]} to {@code w.projected()}. */
  void apply(PackedTexts texts, float[] input, Workspace w) {
    int rows = texts.rows();
    qkv.apply(input, 0, rows, w.qkv(), 0, w.scratch());
    for (int text = 0; text < texts.texts(); text++) {
      int firstRow = texts.start(text);
      int tokens = texts.tokens(text);
      if (rotary.isPresent()) {
        rotary.get().apply(w.qkv(), firstRow, tokens);
      }
      kernels.attend(
          w.qkv(),
          firstRow,
          tokens,
          0,
          tokens,
          heads,
          headSize,
          distances,
          w.context(),
          w.scratch());
    }
    output.apply(w.context(), 0, rows, w.projected(), 0, w.scratch());
  }
}
