package dev.kumiko.encode;

import dev.kumiko.format.Architecture;

/**
 * Rotates queries and keys by their positions: components i and i + n/2 of a head of n are a point
 * in the plane (Su et al., arXiv 2104.09864, section 3.2.2).
 */
final class Rotary {
  private final int heads;
  private final int half;
  private final float[] cosines;
  private final float[] sines;

  /** Computes the angles in float, as the models were trained with. */
  Rotary(Architecture a, double theta) {
    this.heads = a.attentionHeads();
    this.half = a.headSize() / 2;
    this.cosines = new float[Math.multiplyExact(a.positions(), half)];
    this.sines = new float[cosines.length];
    for (int i = 0; i < half; i++) {
      float frequency = 1 / (float) Math.pow(theta, (float) (2 * i) / (2 * half));
      for (int position = 0; position < a.positions(); position++) {
        float angle = position * frequency;
        cosines[position * half + i] = (float) Math.cos(angle);
        sines[position * half + i] = (float) Math.sin(angle);
      }
    }
  }

  /**
   * Rotates in place the tokens from position {@code first} to {@code end} of the text whose rows
   * {@code [tokens][3 * heads * headSize]} begin at {@code firstRow}.
   */
  void apply(float[] qkv, int firstRow, int first, int end) {
    int size = 2 * half;
    for (int position = first; position < end; position++) {
      int row = (firstRow + position) * 3 * heads * size;
      // Keys follow the queries.
      for (int head = 0; head < 2 * heads; head++) {
        int from = row + head * size;
        for (int i = 0; i < half; i++) {
          float x = qkv[from + i];
          float y = qkv[from + half + i];
          float cosine = cosines[position * half + i];
          float sine = sines[position * half + i];
          qkv[from + i] = x * cosine - y * sine;
          qkv[from + half + i] = y * cosine + x * sine;
        }
      }
    }
  }
}
