package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Linear;

/** {@code LayerNorm(x + attention(x))}; query, key and value are one product. */
final class SelfAttention {
  private final Kernels kernels;
  private final int heads;
  private final int headSize;
  private final Linear qkv;
  private final Linear output;
  private final LayerNorm norm;

  SelfAttention(Architecture a, Weights weights, int layer) throws ModelFormatException {
    int d = a.hiddenSize();
    this.kernels = weights.kernels();
    this.heads = a.attentionHeads();
    this.headSize = d / heads;
    this.qkv =
        weights.linear(
            d,
            d,
            TensorNames.attentionQuery(layer),
            TensorNames.attentionKey(layer),
            TensorNames.attentionValue(layer));
    this.output = weights.linear(d, d, TensorNames.attentionOutput(layer));
    this.norm = weights.norm(TensorNames.attentionNorm(layer), d);
  }

  void apply(PackedTexts texts, Workspace w) {
    int rows = texts.rows();
    qkv.apply(w.hidden(), 0, rows, w.qkv(), 0, w.scratch());
    for (int text = 0; text < texts.texts(); text++) {
      kernels.attend(
          w.qkv(),
          texts.start(text),
          texts.tokens(text),
          0,
          texts.tokens(text),
          heads,
          headSize,
          w.context(),
          w.scratch());
    }
    output.apply(w.context(), 0, rows, w.projected(), 0, w.scratch());
    kernels.addAndNormalize(w.hidden(), w.projected(), 0, rows, norm);
  }
}
