package dev.kumiko.encode;

import dev.kumiko.encode.Weights.Part;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout.LinearMap;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Queries;
import dev.kumiko.model.ModelFormatException;
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
    steps.meetBeforeWriting();
    steps.product(qkv, input, this::projections);
    norms.ifPresent(
        n -> steps.rows((share, w) -> n.apply(projections(w), share.first(), share.end())));
    rotary.ifPresent(r -> steps.rows((share, w) -> rotate(r, share, w)));
    steps.meet();
    if (steps.byOutputs()) {
      steps.rows((share, w) -> attend(share.first(), share.end(), w, w.context(), 0, share));
      steps.product(output, Workspace::context, Workspace::projected);
    } else {
      steps.rows(this::attend);
    }
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

  /** Computes a share's rows, a block at a time. */
  private void attend(RowShare share, Workspace w) {
    float[] context = share.context();
    for (int row = share.first(); row < share.end(); row += RowShare.ATTENTION_ROWS) {
      int count = Math.min(RowShare.ATTENTION_ROWS, share.end() - row);
      attend(row, row + count, w, context, row, share);
      output.apply(context, 0, count, w.projected(), row * output.outputs(), share.scratch());
    }
  }

  /** Writes the attention of some rows to {@code context}, which begins with that of a row. */
  private void attend(
      int first, int end, Workspace w, float[] context, int contextFirst, RowShare share) {
    PackedTexts texts = w.texts();
    for (int text = texts.textOf(first); texts.start(text) < end; text++) {
      int start = texts.start(text);
      int from = Math.max(first, start);
      Queries queries =
          new Queries(
              start,
              texts.tokens(text),
              from - start,
              Math.min(end, texts.start(text + 1)) - start,
              from - contextFirst);
      Distances seen = distances.apply(texts.tokens(text));
      kernels.attend(projections(w), queries, heads, seen, context, share.scratch());
    }
  }
}
