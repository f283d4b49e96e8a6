package dev.kumiko.tools.convert.onnx.evaluate;

import dev.kumiko.tools.convert.onnx.evaluate.Array.Kind;
import dev.kumiko.tools.convert.onnx.evaluate.Operator.Arguments;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Products, and operators along an axis. Sums are in double precision. */
final class Arithmetic {
  private Arithmetic() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("MatMul", in -> matMul(in.get(0), in.get(1)));
    operators.put("Gemm", Arithmetic::gemm);
    operators.put("Softmax", Arithmetic::softmax);
    operators.put("LayerNormalization", Arithmetic::layerNormalization);
    operators.put("CumSum", Arithmetic::cumSum);
    operators.put("ReduceMean", reduction(v -> DoubleStream.of(v).sum() / v.length));
    operators.put("ReduceSum", reduction(v -> DoubleStream.of(v).sum()));
    operators.put("ReduceMax", reduction(v -> DoubleStream.of(v).max().orElseThrow()));
    operators.put("ReduceMin", reduction(v -> DoubleStream.of(v).min().orElseThrow()));
    operators.put("ReduceL2", reduction(v -> Math.sqrt(DoubleStream.of(v).map(x -> x * x).sum())));
  }

  /** {@code [..., m, k] x [..., k, n]}. */
  private static Array matMul(Array a, Array b) {
    int[] left = a.shape();
    int[] right = b.shape();
    int m = left[left.length - 2];
    int k = left[left.length - 1];
    int n = right[right.length - 1];
    if (right[right.length - 2] != k) {
      throw new IllegalArgumentException(a + " times " + b);
    }
    int[] outerLeft = Arrays.copyOf(left, left.length - 2);
    int[] outerRight = Arrays.copyOf(right, right.length - 2);
    int[] outer = Shape.broadcast(outerLeft, outerRight);
    IntUnaryOperator fromLeft = Shape.source(outerLeft, outer);
    IntUnaryOperator fromRight = Shape.source(outerRight, outer);
    int[] shape = Arrays.copyOf(outer, outer.length + 2);
    shape[outer.length] = m;
    shape[outer.length + 1] = n;
    double[] values = Shape.room(shape);
    double[] row = new double[n];
    boolean shared = outerRight.length == 0 && outerLeft.length > 0;
    int matrices = shared ? 1 : Shape.elements(outer);
    int rows = shared ? Math.multiplyExact(Shape.elements(outer), m) : m;
    for (int matrix = 0; matrix < matrices; matrix++) {
      int leftAt = shared ? 0 : fromLeft.applyAsInt(matrix) * m * k;
      int rightAt = shared ? 0 : fromRight.applyAsInt(matrix) * k * n;
      for (int i = 0; i < k; i++) {
        // A row of a weight is read from the file once, for all rows of the input.
        b.read(rightAt + i * n, row);
        for (int r = 0; r < rows; r++) {
          double factor = a.get(leftAt + r * k + i);
          int at = (matrix * m + r) * n;
          for (int column = 0; column < n; column++) {
            values[at + column] += factor * row[column];
          }
        }
      }
    }
    return Array.of(a.kind(), shape, values);
  }

  private static Array gemm(Arguments in) {
    Array a = in.integer("transA", 0) == 0 ? in.get(0) : transposed(in.get(0));
    Array b = in.integer("transB", 0) == 0 ? in.get(1) : transposed(in.get(1));
    Array product = matMul(a, b);
    double alpha = in.node().number("alpha", 1);
    double beta = in.node().number("beta", 1);
    double[] values = product.values().clone();
    IntUnaryOperator bias =
        in.has(2) ? Shape.source(in.get(2).shape(), product.shape()) : index -> 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = alpha * values[i] + (in.has(2) ? beta * in.get(2).get(bias.applyAsInt(i)) : 0);
    }
    return Array.of(product.kind(), product.shape(), values);
  }

  private static Array transposed(Array matrix) {
    int rows = matrix.shape()[0];
    int columns = matrix.shape()[1];
    int[] shape = {columns, rows};
    return matrix.view(shape, Shape.walk(shape, new int[] {1, columns}, 0));
  }

  /** Before version 13 the axes from the given one on were one; only the last is the same. */
  private static Array softmax(Arguments in) {
    Array array = in.get(0);
    int axis = Shape.axis(in.integer("axis", in.opset() < 13 ? 1 : -1), array.rank());
    if (axis != array.rank() - 1) {
      throw new IllegalArgumentException("the axis %d of %s".formatted(axis, array));
    }
    return rows(
        array,
        row -> {
          double most = DoubleStream.of(row).max().orElseThrow();
          double sum = 0;
          for (int i = 0; i < row.length; i++) {
            row[i] = Math.exp(row[i] - most);
            sum += row[i];
          }
          for (int i = 0; i < row.length; i++) {
            row[i] /= sum;
          }
        });
  }

  private static Array layerNormalization(Arguments in) {
    Array array = in.get(0);
    if (Shape.axis(in.integer("axis", -1), array.rank()) != array.rank() - 1) {
      throw new IllegalArgumentException("an axis that is not the last");
    }
    double epsilon = in.node().number("epsilon", 1e-5f);
    double[] weight = in.get(1).values();
    double[] bias = in.has(2) ? in.get(2).values() : new double[weight.length];
    return rows(
        array,
        row -> {
          double mean = DoubleStream.of(row).sum() / row.length;
          double variance = 0;
          for (double x : row) {
            variance += (x - mean) * (x - mean) / row.length;
          }
          double factor = 1 / Math.sqrt(variance + epsilon);
          for (int i = 0; i < row.length; i++) {
            row[i] = (row[i] - mean) * factor * weight[i] + bias[i];
          }
        });
  }

  private interface RowChange {
    void apply(double[] row);
  }

  private static Array rows(Array array, RowChange change) {
    double[] values = Shape.room(array.shape());
    double[] row = new double[array.last()];
    for (int at = 0; at < values.length; at += row.length) {
      array.read(at, row);
      change.apply(row);
      System.arraycopy(row, 0, values, at, row.length);
    }
    return Array.of(array.kind(), array.shape(), values);
  }

  private static Array cumSum(Arguments in) {
    Array array = in.get(0);
    if (in.integer("exclusive", 0) != 0 || in.integer("reverse", 0) != 0) {
      throw new IllegalArgumentException("an exclusive or reverse sum");
    }
    int axis = Shape.axis(in.get(1).longs()[0], array.rank());
    int size = array.shape()[axis];
    int stride = Shape.strides(array.shape())[axis];
    double[] values = array.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += i / stride % size == 0 ? 0 : values[i - stride];
    }
    return Array.of(array.kind(), array.shape(), values);
  }

  private static Operator reduction(ToDoubleFunction<double[]> function) {
    return in -> {
      Array array = in.get(0);
      int rank = array.rank();
      boolean[] reduced = new boolean[rank];
      long[] axes = in.integers(1, "axes");
      for (long axis : axes) {
        reduced[Shape.axis(axis, rank)] = true;
      }
      if (axes.length == 0) {
        Arrays.fill(reduced, true);
      }
      return reduce(array, reduced, in.integer("keepdims", 1) != 0, function);
    };
  }

  private static Array reduce(
      Array array, boolean[] reduced, boolean keep, ToDoubleFunction<double[]> function) {
    int[] shape = array.shape();
    int[] strides = Shape.strides(shape);
    int[] kept = new int[shape.length];
    int[] within = new int[shape.length];
    for (int i = 0; i < shape.length; i++) {
      kept[i] = reduced[i] ? 1 : shape[i];
      within[i] = reduced[i] ? shape[i] : 1;
    }
    IntUnaryOperator starts = Shape.walk(kept, strides, 0);
    IntUnaryOperator steps = Shape.walk(within, strides, 0);
    double[] values = Shape.room(kept);
    double[] group = Shape.room(within);
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < group.length; j++) {
        group[j] = array.get(starts.applyAsInt(i) + steps.applyAsInt(j));
      }
      values[i] = function.applyAsDouble(group);
      values[i] = array.kind() == Kind.FLOAT ? (float) values[i] : values[i];
    }
    Array result = Array.of(array.kind(), kept, values);
    if (keep) {
      return result;
    }
    int[] left =
        IntStream.range(0, shape.length).filter(i -> !reduced[i]).map(i -> shape[i]).toArray();
    return result.reshaped(left);
  }
}
