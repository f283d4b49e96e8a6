package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Position;
import java.util.Arrays;

/**
 * Rotates queries and keys by their positions: components i and i + n/2 of a head of n are a point
 * in the plane (Su et al., arXiv 2104.09864, section 3.2.2). Safe for concurrent use.
 */
public final class Rotary {
  private final int rowWidth;
  private final int rotated;
  private final int half;
  private final int positions;
  private final double theta;
  private final Position.Scaling scaling;

  /** Of the positions that a text has reached so far, {@code [positions][cosines, sines]}. */
  private volatile float[] angles = new float[0];

  /**
   * Computes no angle yet.
   *
   * @param theta base of the angles
   */
  public Rotary(Architecture a, double theta) {
    this(a, theta, Position.Scaling.NONE);
  }

  /**
   * Computes no angle yet.
   *
   * @param theta base of the angles
   * @param scaling what is made of their frequencies
   */
  public Rotary(Architecture a, double theta, Position.Scaling scaling) {
    this.scaling = scaling;
    this.rowWidth = a.queryWidth() + 2 * a.keyWidth();
    this.rotated = a.attentionHeads() + a.keyHeads();
    this.half = a.headSize() / 2;
    this.positions = a.positions();
    this.theta = theta;
  }

  /**
   * Rotates in place the tokens from position {@code first} to {@code end} of the text whose rows
   * {@code [tokens][query, key, value]} begin at {@code firstRow}.
   */
  public void apply(float[] qkv, int firstRow, int first, int end) {
    rotate(qkv, firstRow, first, end, 1);
  }

  /** Rotates back: what {@link #apply} is undone by, and what a gradient goes through. */
  public void undo(float[] qkv, int firstRow, int first, int end) {
    rotate(qkv, firstRow, first, end, -1);
  }

  private void rotate(float[] qkv, int firstRow, int first, int end, float direction) {
    float[] known = upTo(end);
    int size = 2 * half;
    for (int position = first; position < end; position++) {
      int row = (firstRow + position) * rowWidth;
      // Keys follow the queries.
      for (int head = 0; head < rotated; head++) {
        int from = row + head * size;
        for (int i = 0; i < half; i++) {
          float x = qkv[from + i];
          float y = qkv[from + half + i];
          float cosine = known[position * size + i];
          float sine = direction * known[position * size + half + i];
          qkv[from + i] = x * cosine - y * sine;
          qkv[from + half + i] = y * cosine + x * sine;
        }
      }
    }
  }

  private float[] upTo(int end) {
    float[] known = angles;
    return known.length >= end * 2 * half ? known : extend(end);
  }

  private synchronized float[] extend(int end) {
    float[] known = angles;
    int from = known.length / (2 * half);
    if (from < end) {
      known = computed(known, from, Reach.grown(from, end, positions));
      angles = known;
    }
    return known;
  }

  /** Computes the angles in float, as the models were trained with. */
  private float[] computed(float[] known, int from, int to) {
    int size = 2 * half;
    float[] longer = Arrays.copyOf(known, Math.multiplyExact(to, size));
    for (int i = 0; i < half; i++) {
      float plain = 1 / (float) Math.pow(theta, (float) (2 * i) / size);
      float frequency = scaling.frequency(plain);
      for (int position = from; position < to; position++) {
        float angle = position * frequency;
        longer[position * size + i] = (float) Math.cos(angle);
        longer[position * size + half + i] = (float) Math.sin(angle);
      }
    }
    return longer;
  }
}
