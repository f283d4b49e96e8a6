package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.PositionParts;
import dev.kumiko.encode.Rotary;
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
  private final int heads;
  private final int headSize;
  private final LinearMap qkv;
  private final LinearMap output;
  private final Supplier<PositionParts> positions;
  private final Optional<RelativeBias> bias;

  /**
   * The attention of one layer.
   *
   * @param qkv makes queries, keys and values
   * @param positions as they are now; the layers share them
   */
  Attention(
      Compute compute,
      int layer,
      int heads,
      LinearMap qkv,
      LinearMap output,
      Supplier<PositionParts> positions,
      Optional<RelativeBias> bias) {
    this.compute = compute;
    this.layer = layer;
    this.heads = heads;
    this.headSize = output.inputs() / heads;
    this.qkv = qkv;
    this.output = output;
    this.positions = positions;
    this.bias = bias;
  }

  @Override
  public void refresh() {
    qkv.refresh();
    output.refresh();
  }

  @Override
  public Result forward(PackedTexts texts, float[] x) {
    int rows = texts.rows();
    float[] projections = qkv.apply(x, rows);
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
        float[] dx = qkv.backward(x, dProjections, rows);
        compute.pool().give(dProjections);
        release();
        return dx;
      }

      @Override
      public void release() {
        compute.pool().give(projections);
        compute.pool().give(context);
        compute.pool().give(result);
      }
    };
  }

  /** Rotates queries and keys in place, if they are, and returns what the heads gather. */
  private float[] attend(PackedTexts texts, float[] projections) {
    PositionParts now = positions.get();
    Optional<Rotary> rotary = now.rotary(layer);
    float[] context = compute.pool().take(texts.rows() * heads * headSize);
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
                      start,
                      tokens,
                      0,
                      tokens,
                      heads,
                      headSize,
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
    float[][] byDistance = new float[texts.texts() * heads][];
    compute
        .threads()
        .forEach(
            byDistance.length,
            (index, scratch) -> {
              int text = index / heads;
              int tokens = texts.tokens(text);
              byDistance[index] = bias.isPresent() ? new float[2 * tokens - 1] : NO_BIAS;
              compute
                  .gradients()
                  .attend(
                      projections,
                      context,
                      gradient,
                      texts.start(text),
                      tokens,
                      index % heads,
                      heads,
                      headSize,
                      now.distances(layer).apply(tokens),
                      result,
                      byDistance[index],
                      scratch);
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
