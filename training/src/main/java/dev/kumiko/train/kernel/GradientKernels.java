package dev.kumiko.train.kernel;

import dev.kumiko.format.Activation;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Scratch;

/**
 * The seam below which the backward passes are computed that are no matrix products. There are two
 * implementations, plain Java and Vector API; every operation of one has its twin in the other.
 *
 * <p>Arrays are row-major and rows lie one after another. Callers have checked all shapes.
 * Implementations are immutable and safe for concurrent use as long as every thread brings its own
 * {@link Scratch}.
 */
public interface GradientKernels {
  /** Returns {@code "vector"} or {@code "scalar"}. */
  String name();

  /**
   * The backward pass of an activation: multiplies a gradient by the activation's derivative.
   *
   * @param x what stood before the activation
   * @param gradient with respect to its result, at the same places; overwritten by that with
   *     respect to {@code x}
   */
  void activate(Activation activation, float[] x, float[] gradient, int offset, int count);

  /**
   * The backward pass of a LayerNorm. With {@code n = (x - mean) / s}, {@code s = sqrt(variance +
   * epsilon)} and {@code h = gradient * gain} it is {@code (h - mean(h) - n mean(h n)) / s} (Ba et
   * al., arXiv 1607.06450, section 3, differentiated). Of an RMSNorm, which has no mean, it is
   * {@code (h - n mean(h n)) / s} (Zhang and Sennrich, arXiv 1910.07467, section 3).
   *
   * @param x {@code [rows][norm.size()]} from {@code offset}, what was normalised
   * @param gradient of the same shape from the same offset, with respect to the result; overwritten
   *     by that with respect to {@code x}
   * @param gains of the same shape from the same offset, overwritten by {@code gradient * n}, whose
   *     sum over rows is the gain's gradient
   */
  void normalize(float[] x, float[] gradient, float[] gains, int offset, int rows, LayerNorm norm);

  /**
   * The backward pass of attention, for one head of queries of one text: with {@code S = c tanh(z Q
   * K' / c)}, or {@code z Q K'} where scores are not capped, {@code P = softmax(S + B)} and {@code
   * y = P V} it is {@code dV = P' g}, {@code dS = P (g V' - g y)}, {@code dB = dS}, {@code dZ = z
   * (1 - (S / c)^2) dS}, {@code dQ = dZ K}, {@code dK = dZ' Q} (Dao et al., arXiv 2205.14135,
   * appendix B).
   *
   * @param qkv {@code [tokens][heads.rowWidth()]} from row {@code firstRow}: query, key, value
   * @param context {@code [tokens][heads.queryWidth()]} from row {@code firstRow}: y
   * @param gradient with respect to the context, of its shape
   * @param head of the queries; those that share keys go one after another, from the first
   * @param distances the bias B, and which keys a query sees
   * @param result the gradient with respect to {@code qkv}, of its shape; the head's columns are
   *     overwritten, but those of keys and values added to unless the head is the first of its keys
   * @param bias {@code [2 * tokens - 1]}, to which the gradient of the bias is added: that of
   *     distance d at {@code tokens - 1 + d}; empty if it is not wanted
   */
  void attend(
      float[] qkv,
      float[] context,
      float[] gradient,
      int firstRow,
      int tokens,
      int head,
      Heads heads,
      Distances distances,
      float[] result,
      float[] bias,
      Scratch s);
}
