package dev.kumiko.train.part;

import dev.kumiko.encode.Pooler;
import java.util.Arrays;

/** Division by the Euclidean length: {@code u = v / |v|}. */
final class Normalize implements HeadPart {
  private final FloatPool pool;
  private final int size;

  Normalize(FloatPool pool, int size) {
    this.pool = pool;
    this.size = size;
  }

  @Override
  public Result forward(float[] x, int rows) {
    float[] y = new float[rows * size];
    for (int row = 0; row < rows; row++) {
      float[] vector = Arrays.copyOfRange(x, row * size, (row + 1) * size);
      Pooler.normalize(vector);
      System.arraycopy(vector, 0, y, row * size, size);
    }
    return new Result() {
      @Override
      public float[] output() {
        return y;
      }

      @Override
      public float[] backward(float[] gradient) {
        float[] dx = pool.zeros(rows * size);
        for (int from = 0; from < rows * size; from += size) {
          Normalize.this.backward(x, y, gradient, dx, from);
        }
        return dx;
      }

      @Override
      public void release() {}
    };
  }

  /** {@code (g - u (u . g)) / |v|}; nothing for a vector of zeros, which has no direction. */
  private void backward(float[] x, float[] y, float[] gradient, float[] dx, int from) {
    double squares = 0;
    double along = 0;
    for (int i = from; i < from + size; i++) {
      squares += (double) x[i] * x[i];
      along += (double) y[i] * gradient[i];
    }
    if (squares == 0) {
      return;
    }
    double length = Math.sqrt(squares);
    for (int i = from; i < from + size; i++) {
      dx[i] = (float) ((gradient[i] - y[i] * along) / length);
    }
  }
}
