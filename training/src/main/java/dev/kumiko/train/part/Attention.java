package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.PositionParts;
import dev.kumiko.encode.Rotary;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Queries;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Multi-head self-attention (Vaswani et al., arXiv 1706.03762, section 3.2). Keeps queries, keys
 * and values, and computes the probabilities again (Dao et al., arXiv 2205.14135, appendix B).
 */
final class Attention implements Block {
  private static final float[] NO_BIAS = {};

  private final Compute compute;
  private final int layer;
  private final Heads heads;
  private final LinearMap qkv;
  private final Optional<HeadNorms> norms;
  private final LinearMap output;
  private final Supplier<PositionParts> positions;
  private final Optional<RelativeBias> bias;

  /**
   * The attention of one layer.
   *
   * @param qkv makes queries, keys and values
   * @param norms of queries and keys, before they are rotated
   * @param positions as they are now; the layers share them
   */
  Attention(
      Compute compute,
      int layer,
      Heads heads,
      LinearMap qkv,
      Optional<HeadNorms> norms,
      LinearMap output,
      Supplier<PositionParts> positions,
      Optional<RelativeBias> bias) {
    this.compute = compute;
    this.layer = layer;
    this.heads = heads;
    this.qkv = qkv;
    this.norms = norms;
    this.output = output;
    this.positions = positions;
    this.bias = bias;
  }

  @Override
  public void refresh() {
    qkv.refresh();
    norms.ifPresent(HeadNorms::refresh);
    output.refresh();
  }

  @Override
  public Result forward(PackedTexts texts, float[] x) {
    int rows = texts.rows();
    float[] raw = qkv.apply(x, rows);
    float[] projections = norms.isPresent() ? norms.get().forward(raw, rows) : raw;
    float[] context = attend(texts, projections);
    float[] result = output.apply(context, rows);
    return new Result() {
      @Override
      public float[] output() {
        return result;
      }

      @Override
      public float[] backward(float[] gradient) {
        float[] dContext = output.backward(context, gradient, rows);
        float[] dProjections = attendBackward(texts, projections, context, dContext);
        compute.pool().give(dContext);
        norms.ifPresent(n -> n.backward(raw, dProjections, rows));
        float[] dx = qkv.backward(x, dProjections, rows);
        compute.pool().give(dProjections);
        release();
        return dx;
      }

      @Override
      public void release() {
        compute.pool().give(projections);
        if (norms.isPresent()) {
          compute.pool().give(raw);
        }
        compute.pool().give(context);
        compute.pool().give(result);
      }
    };
  }

  /** Rotates queries and keys in place, if they are, and returns what the heads gather. */
  private float[] attend(PackedTexts texts, float[] projections) {
    PositionParts now = positions.get();
    Optional<Rotary> rotary = now.rotary(layer);
    float[] context = compute.pool().take(texts.rows() * heads.queryWidth());
    compute
        .threads()
        .forEach(
            texts.texts(),
            (text, scratch) -> {
              int start = texts.start(text);
              int tokens = texts.tokens(text);
              rotary.ifPresent(r -> r.apply(projections, start, 0, tokens));
              compute
                  .kernels()
                  .attend(
                      projections,
                      Queries.all(start, tokens),
                      heads,
                      now.distances(layer).apply(tokens),
                      context,
                      scratch);
            });
    return context;
  }

  /** Returns the gradient with respect to queries, keys and values before their rotation. */
  private float[] attendBackward(
      PackedTexts texts, float[] projections, float[] context, float[] gradient) {
    PositionParts now = positions.get();
    float[] result = compute.pool().take(texts.rows() * qkv.outputs());
    int sharing = heads.queries() / heads.keys();
    float[][] byDistance = new float[texts.texts() * heads.queries()][];
    compute
        .threads()
        .forEach(
            texts.texts() * heads.keys(),
            (index, scratch) -> {
              int text = index / heads.keys();
              int tokens = texts.tokens(text);
              int first = index % heads.keys() * sharing;
              for (int head = first; head < first + sharing; head++) {
                float[] sums = bias.isPresent() ? new float[2 * tokens - 1] : NO_BIAS;
                byDistance[text * heads.queries() + head] = sums;
                compute
                    .gradients()
                    .attend(
                        projections,
                        context,
                        gradient,
                        texts.start(text),
                        tokens,
                        head,
                        heads,
                        now.distances(layer).apply(tokens),
                        result,
                        sums,
                        scratch);
              }
            });
    bias.ifPresent(table -> table.add(texts, byDistance));
    now.rotary(layer).ifPresent(rotary -> undo(rotary, texts, result));
    return result;
  }

  private void undo(Rotary rotary, PackedTexts texts, float[] gradient) {
    compute
        .threads()
        .forEach(
            texts.texts(),
            (text, scratch) -> rotary.undo(gradient, texts.start(text), 0, texts.tokens(text)));
  }
}
