package dev.kumiko.tools.convert.onnx.evaluate;

import dev.kumiko.tools.convert.onnx.evaluate.Operator.Arguments;
import java.util.Arrays;
import java.util.Map;

/** Operators that take elements by index. */
final class Lookup {
  private Lookup() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("Gather", Lookup::gather);
    operators.put("GatherElements", Lookup::gatherElements);
    operators.put("GatherND", Lookup::gatherNd);
  }

  private static int place(double index, int size) {
    double counted = index < 0 ? index + size : index;
    if (!(counted >= 0 && counted < size)) {
      throw new IllegalArgumentException("the index %.0f of %d".formatted(index, size));
    }
    return (int) counted;
  }

  private static Array gather(Arguments in) {
    Array table = in.get(0);
    Array indices = in.get(1);
    int[] shape = table.shape();
    int axis = Shape.axis(in.integer("axis", 0), shape.length);
    int size = shape[axis];
    int inner = Shape.elements(shape, axis + 1, shape.length);
    int count = indices.size();
    int[] result =
        Shape.join(
            Arrays.copyOf(shape, axis),
            indices.shape(),
            Arrays.copyOfRange(shape, axis + 1, shape.length));
    return Shape.pick(
        table,
        result,
        i -> {
          int row = place(indices.get(i / inner % count), size);
          return (i / inner / count * size + row) * inner + i % inner;
        });
  }

  private static Array gatherElements(Arguments in) {
    Array table = in.get(0);
    Array indices = in.get(1);
    int axis = Shape.axis(in.integer("axis", 0), table.rank());
    int[] strides = Shape.strides(table.shape());
    int[] steps = strides.clone();
    steps[axis] = 0;
    for (int i = 0; i < table.rank(); i++) {
      if (i != axis && indices.shape()[i] > table.shape()[i]) {
        throw new IllegalArgumentException(indices + " into " + table);
      }
    }
    var base = Shape.walk(indices.shape(), steps, 0);
    return Shape.pick(
        table,
        indices.shape(),
        i -> base.applyAsInt(i) + place(indices.get(i), table.shape()[axis]) * strides[axis]);
  }

  private static Array gatherNd(Arguments in) {
    Array table = in.get(0);
    Array indices = in.get(1);
    if (in.integer("batch_dims", 0) != 0) {
      throw new IllegalArgumentException("batch_dims " + in.integer("batch_dims", 0));
    }
    int depth = indices.last();
    int[] strides = Shape.strides(table.shape());
    int inner = Shape.elements(table.shape(), depth, table.rank());
    int[] result =
        Shape.join(
            Arrays.copyOf(indices.shape(), indices.rank() - 1),
            Arrays.copyOfRange(table.shape(), depth, table.rank()));
    return Shape.pick(
        table,
        result,
        i -> {
          int at = i % inner;
          for (int axis = 0; axis < depth; axis++) {
            double index = indices.get(i / inner * depth + axis);
            at += place(index, table.shape()[axis]) * strides[axis];
          }
          return at;
        });
  }
}
