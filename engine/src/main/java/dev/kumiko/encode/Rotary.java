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

  /** Of the positions that a text has reached so far. */
  private volatile Angles angles = new Angles(new float[0], new float[0]);

  /** Cosine and sine of every angle, {@code [positions][half]}. */
  private static final class Angles {
    private final float[] cosines;
    private final float[] sines;

    Angles(float[] cosines, float[] sines) {
      this.cosines = cosines;
      this.sines = sines;
    }
  }

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
    Angles known = upTo(end);
    float[] cosines = known.cosines;
    float[] sines = known.sines;
    int size = 2 * half;
    for (int position = first; position < end; position++) {
      int row = (firstRow + position) * rowWidth;
      // Keys follow the queries.
      for (int head = 0; head < rotated; head++) {
        int from = row + head * size;
        for (int i = 0; i < half; i++) {
          float x = qkv[from + i];
          float y = qkv[from + half + i];
          float cosine = cosines[position * half + i];
          float sine = direction * sines[position * half + i];
          qkv[from + i] = x * cosine - y * sine;
          qkv[from + half + i] = y * cosine + x * sine;
        }
      }
    }
  }

  private Angles upTo(int end) {
    Angles known = angles;
    return known.cosines.length >= end * half ? known : extend(end);
  }

  private synchronized Angles extend(int end) {
    Angles known = angles;
    int from = known.cosines.length / half;
    if (from < end) {
      known = computed(known, from, Reach.grown(from, end, positions));
      angles = known;
    }
    return known;
  }

  /** Computes the angles in float, as the models were trained with. */
  private Angles computed(Angles known, int from, int to) {
    int length = Math.multiplyExact(to, half);
    float[] cosines = Arrays.copyOf(known.cosines, length);
    float[] sines = Arrays.copyOf(known.sines, length);
    for (int i = 0; i < half; i++) {
      float plain = 1 / (float) Math.pow(theta, (float) (2 * i) / (2 * half));
      float frequency = scaling.frequency(plain);
      for (int position = from; position < to; position++) {
        float angle = position * frequency;
        cosines[position * half + i] = (float) Math.cos(angle);
        sines[position * half + i] = (float) Math.sin(angle);
      }
    }
    return new Angles(cosines, sines);
  }
}
