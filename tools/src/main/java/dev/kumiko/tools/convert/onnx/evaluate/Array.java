package dev.kumiko.tools.convert.onnx.evaluate;

import dev.kumiko.tools.convert.onnx.graph.OnnxTensor;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/**
 * A value of a graph that is evaluated: numbers, row by row. Integers and booleans are held as
 * doubles, too, which is exact for what a graph counts. Immutable.
 */
public final class Array {
  /** What an array's numbers stand for. */
  public enum Kind {
    FLOAT,
    INTEGER,
    BOOLEAN
  }

  private final Kind kind;
  private final int[] shape;
  private final double[] values;
  private final IntToDoubleFunction view;

  private Array(Kind kind, int[] shape, double[] values, IntToDoubleFunction view) {
    this.kind = kind;
    this.shape = shape;
    this.values = values;
    this.view = view;
  }

  /** Returns an array over {@code values}, which are kept and must fill the shape. */
  public static Array of(Kind kind, int[] shape, double... values) {
    if (Shape.elements(shape) != values.length) {
      throw new IllegalArgumentException(Arrays.toString(shape) + " of " + values.length);
    }
    return new Array(kind, shape, values, null);
  }

  /** Returns a constant of the file, which is read from there and not copied. */
  static Array of(OnnxTensor tensor) {
    Kind kind =
        switch (tensor.type()) {
          case BOOL -> Kind.BOOLEAN;
          case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> Kind.FLOAT;
          default -> Kind.INTEGER;
        };
    int[] shape = tensor.shape().stream().mapToInt(Math::toIntExact).toArray();
    Shape.elements(shape);
    return new Array(kind, shape, null, tensor::number);
  }

  static Array integers(int[] shape, double... values) {
    return of(Kind.INTEGER, shape, values);
  }

  /** Returns what the numbers stand for. */
  public Kind kind() {
    return kind;
  }

  /** Returns the dimensions, not to be changed. */
  public int[] shape() {
    return shape;
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** Returns the last dimension, or 1 for a scalar. */
  public int last() {
    return rank() == 0 ? 1 : shape[rank() - 1];
  }

  /** Returns the number of elements. */
  public int size() {
    return values == null ? Shape.elements(shape) : values.length;
  }

  /** Returns an element. */
  public double get(int index) {
    return values == null ? view.applyAsDouble(index) : values[index];
  }

  /** Returns the elements, not to be changed. */
  public double[] values() {
    if (values != null) {
      return values;
    }
    double[] read = Shape.room(shape);
    read(0, read);
    return read;
  }

  /** Copies the elements from {@code from} on. */
  void read(int from, double[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] = get(from + i);
    }
  }

  /** Returns the elements as integers. */
  long[] longs() {
    long[] result = new long[size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (long) get(i);
    }
    return result;
  }

  /** Returns the elements as dimensions. */
  int[] ints() {
    return Arrays.stream(longs()).mapToInt(Math::toIntExact).toArray();
  }

  /** Returns the same numbers in another shape. */
  Array reshaped(int[] other) {
    if (Shape.elements(other) != size()) {
      throw new IllegalArgumentException(Arrays.toString(shape) + " as " + Arrays.toString(other));
    }
    return new Array(kind, other, values, view);
  }

  /** Returns an array with elements of this one; what is in the file is not copied for it. */
  Array view(int[] other, IntUnaryOperator source) {
    return values == null
        ? new Array(kind, other, null, index -> get(source.applyAsInt(index)))
        : Shape.pick(this, other, source);
  }

  @Override
  public String toString() {
    return kind + Arrays.toString(shape);
  }
}
