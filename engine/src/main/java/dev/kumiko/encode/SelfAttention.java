package dev.kumiko.encode;

import dev.kumiko.encode.Weights.Part;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout.LinearMap;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Multi-head self-attention; query, key and value are one product. */
final class SelfAttention {
  private final Kernels kernels;
  private final int layer;
  private final Heads heads;
  private final Linear qkv;
  private final Linear output;
  private final IntFunction<Distances> distances;
  private final Optional<HeadNorms> norms;
  private final Optional<Rotary> rotary;

  SelfAttention(Architecture a, Weights weights, PositionParts positions, int layer)
      throws ModelFormatException {
    int d = a.hiddenSize();
    this.kernels = weights.kernels();
    this.layer = layer;
    this.heads = AttentionHeads.of(a);
    this.qkv =
        weights.linear(
            LinearMap.ATTENTION_INPUT,
            d,
            new Part(TensorNames.attentionQuery(layer), a.queryWidth()),
            new Part(TensorNames.attentionKey(layer), a.keyWidth()),
            new Part(TensorNames.attentionValue(layer), a.keyWidth()));
    this.output =
        weights.linear(
            LinearMap.ATTENTION_OUTPUT, d, a.queryWidth(), TensorNames.attentionOutput(layer));
    this.norms =
        a.layout().attention().headNorms()
            ? Optional.of(
                new HeadNorms(
                    kernels,
                    heads,
                    weights.norm(TensorNames.attentionQueryNorm(layer), heads.size()),
                    weights.norm(TensorNames.attentionKeyNorm(layer), heads.size())))
            : Optional.empty();
    this.distances = positions.distances(layer);
    this.rotary = positions.rotary(layer);
  }

  /**
   * Writes the block's result to {@code w.projected()}.
   *
   * @param input what it is computed from, {@code [rows][hidden]}
   */
  void addTo(Steps steps, Function<Workspace, float[]> input) {
    steps.product(qkv, input, this::projections);
    norms.ifPresent(
        n -> steps.rows((share, w) -> n.apply(projections(w), share.first(), share.end())));
    rotary.ifPresent(r -> steps.rows((share, w) -> rotate(r, share, w)));
    steps.meet();
    steps.rows(this::attend);
    steps.product(output, Workspace::context, Workspace::projected);
  }

  private float[] projections(Workspace w) {
    return w.qkv(layer);
  }

  private void rotate(Rotary rotary, RowShare share, Workspace w) {
    PackedTexts texts = w.texts();
    for (int text = texts.textOf(share.first()); texts.start(text) < share.end(); text++) {
      int start = texts.start(text);
      int from = Math.max(share.first(), start) - start;
      int end = Math.min(share.end(), texts.start(text + 1)) - start;
      rotary.apply(projections(w), start, from, end);
    }
  }

  /** Writes the attention of a share's rows to {@code w.context()}. */
  private void attend(RowShare share, Workspace w) {
    PackedTexts texts = w.texts();
    for (int text = texts.textOf(share.first()); texts.start(text) < share.end(); text++) {
      int start = texts.start(text);
      kernels.attend(
          projections(w),
          start,
          texts.tokens(text),
          Math.max(share.first(), start) - start,
          Math.min(share.end(), texts.start(text + 1)) - start,
          heads,
          distances.apply(texts.tokens(text)),
          w.context(),
          share.scratch());
    }
  }
}
