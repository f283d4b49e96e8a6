package dev.kumiko.tools.quantize;

/**
 * A way to quantise one row symmetrically to int8: {@code value ~ q * scale}, {@code |q| <= 127}.
 */
interface RowRounding {
  /** Returns the scale for a row of finite values. A row of zeros has the scale 1. */
  float scale(float[] row);

  /**
   * Quantises a row.
   *
   * @param scale what {@link #scale} returned for it
   * @param target {@code [at least row.length]}
   */
  void round(float[] row, float scale, byte[] target);
}
