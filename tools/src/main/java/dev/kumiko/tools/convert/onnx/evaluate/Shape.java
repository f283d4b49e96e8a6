package dev.kumiko.tools.convert.onnx.evaluate;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Arithmetic of dimensions. What does not fit throws an {@link IllegalArgumentException}. */
final class Shape {
  private Shape() {}

  /** Returns the number of elements; too many for an array are an {@link ArithmeticException}. */
  static int elements(int[] shape) {
    int elements = 1;
    for (int dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException("the shape " + Arrays.toString(shape));
      }
      elements = Math.multiplyExact(elements, dimension);
    }
    return elements;
  }

  /** Returns room for the elements of a shape that was computed. */
  static double[] room(int[] shape) {
    return new double[Evaluator.bounded(elements(shape))];
  }

  /** Returns how far apart neighbours along each axis are. */
  static int[] strides(int[] shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride = Math.multiplyExact(stride, Math.max(1, shape[axis]));
    }
    return strides;
  }

  /** Returns the shape that two broadcast to. */
  static int[] broadcast(int[] a, int[] b) {
    int[] result = new int[Math.max(a.length, b.length)];
    for (int i = 1; i <= result.length; i++) {
      int left = i <= a.length ? a[a.length - i] : 1;
      int right = i <= b.length ? b[b.length - i] : 1;
      if (left != right && left != 1 && right != 1) {
        throw new IllegalArgumentException(Arrays.toString(a) + " beside " + Arrays.toString(b));
      }
      result[result.length - i] = left == 1 ? right : left;
    }
    return result;
  }

  /**
   * Returns, for each element of a shape, where it is in an array that {@code shape} was broadcast
   * from.
   */
  static IntUnaryOperator source(int[] from, int[] shape) {
    if (Arrays.equals(from, shape)) {
      return index -> index;
    }
    if (elements(from) == 1) {
      return index -> 0;
    }
    int[] own = strides(from);
    int[] steps = new int[shape.length];
    for (int i = 1; i <= from.length; i++) {
      steps[shape.length - i] = from[from.length - i] == 1 ? 0 : own[from.length - i];
    }
    return walk(shape, steps, 0);
  }

  /** Returns where each element of a shape is when each axis has a step of its own. */
  static IntUnaryOperator walk(int[] shape, int[] steps, int start) {
    int[] strides = strides(shape);
    return index -> {
      int rest = index;
      int at = start;
      for (int axis = 0; axis < shape.length; axis++) {
        at += rest / strides[axis] * steps[axis];
        rest %= strides[axis];
      }
      return at;
    };
  }

  /** Returns the array that has, at each place of a shape, an element of another. */
  static Array pick(Array from, int[] shape, IntUnaryOperator source) {
    double[] values = room(shape);
    for (int i = 0; i < values.length; i++) {
      values[i] = from.get(source.applyAsInt(i));
    }
    return Array.of(from.kind(), shape, values);
  }

  /** Returns an axis that may be counted from the end. */
  static int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw new IllegalArgumentException("the axis %d of %d".formatted(axis, rank));
    }
    return (int) counted;
  }

  /** Returns the product of the dimensions in a range. */
  static int elements(int[] shape, int from, int to) {
    return elements(Arrays.copyOfRange(shape, from, to));
  }

  /** Returns dimensions one after another. */
  static int[] join(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }
}
