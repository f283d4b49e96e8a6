package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import java.util.Optional;
import java.util.function.IntFunction;

/** Multi-head self-attention; query, key and value are one product. */
final class SelfAttention {
  private final Kernels kernels;
  private final int heads;
  private final int headSize;
  private final Linear qkv;
  private final Linear output;
  private final IntFunction<Distances> distances;
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

  /** Writes the queries, keys and values of {@code input} {@code [rows][hidden]}. */
  void project(PackedTexts texts, RowShare share, float[] input, float[] projections) {
    int d = heads * headSize;
    int first = share.first();
    qkv.apply(input, first * d, share.rows(), projections, first * 3 * d, share.scratch());
    if (rotary.isPresent()) {
      for (int text = texts.textOf(first); texts.start(text) < share.end(); text++) {
        int start = texts.start(text);
        int from = Math.max(first, start) - start;
        int end = Math.min(share.end(), texts.start(text + 1)) - start;
        rotary.get().apply(projections, start, from, end);
      }
    }
  }

  /** Writes the attention to {@code w.projected()}, once all keys and values are there. */
  void attend(PackedTexts texts, RowShare share, float[] projections, Workspace w) {
    int first = share.first();
    for (int text = texts.textOf(first); texts.start(text) < share.end(); text++) {
      int start = texts.start(text);
      kernels.attend(
          projections,
          start,
          texts.tokens(text),
          Math.max(first, start) - start,
          Math.min(share.end(), texts.start(text + 1)) - start,
          heads,
          headSize,
          distances.apply(texts.tokens(text)),
          w.context(),
          share.scratch());
    }
    int from = first * heads * headSize;
    output.apply(w.context(), from, share.rows(), w.projected(), from, share.scratch());
  }
}
