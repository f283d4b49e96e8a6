package dev.kumiko.tools.convert.onnx.evaluate;

import dev.kumiko.tools.convert.onnx.evaluate.Array.Kind;
import dev.kumiko.tools.convert.onnx.evaluate.Operator.Arguments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that make shapes and move elements without changing them. */
final class Shaping {
  private Shaping() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("Shape", Shaping::shape);
    operators.put("Size", in -> Array.integers(new int[0], in.get(0).size()));
    operators.put("Reshape", Shaping::reshape);
    operators.put("Flatten", Shaping::flatten);
    operators.put("Unsqueeze", Shaping::unsqueeze);
    operators.put("Squeeze", Shaping::squeeze);
    operators.put("Transpose", Shaping::transpose);
    operators.put("Expand", Shaping::expand);
    operators.put("Concat", Shaping::concat);
    operators.put("Slice", Shaping::slice);
    operators.put("Range", Shaping::range);
    operators.put("ConstantOfShape", Shaping::constantOfShape);
    operators.put("Trilu", Shaping::trilu);
  }

  private static Array shape(Arguments in) {
    int[] shape = in.get(0).shape();
    int from = clamp(in.integer("start", 0), shape.length);
    int to = clamp(in.integer("end", shape.length), shape.length);
    double[] part = Arrays.stream(shape, from, Math.max(from, to)).asDoubleStream().toArray();
    return Array.integers(new int[] {part.length}, part);
  }

  /** A place among {@code size}, counted from the end if negative, within 0 and size. */
  private static int clamp(long place, int size) {
    return Math.clamp(place < 0 ? place + size : place, 0, size);
  }

  private static Array reshape(Arguments in) {
    Array array = in.get(0);
    int[] shape = in.get(1).ints().clone();
    boolean zeroIsZero = in.integer("allowzero", 0) != 0;
    int open = -1;
    int known = 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 0 && !zeroIsZero) {
        shape[i] = array.shape()[i];
      }
      if (shape[i] == -1) {
        open = i;
      } else {
        known = Math.multiplyExact(known, shape[i]);
      }
    }
    if (open >= 0) {
      shape[open] = known == 0 ? 0 : array.size() / known;
    }
    return array.reshaped(shape);
  }

  private static Array flatten(Arguments in) {
    int[] shape = in.get(0).shape();
    int axis = clamp(in.integer("axis", 1), shape.length);
    int rows = Shape.elements(shape, 0, axis);
    return in.get(0).reshaped(new int[] {rows, Shape.elements(shape, axis, shape.length)});
  }

  private static Array unsqueeze(Arguments in) {
    int[] shape = in.get(0).shape();
    long[] axes = in.integers(1, "axes");
    int rank = shape.length + axes.length;
    int[] result = new int[rank];
    for (long axis : axes) {
      result[Shape.axis(axis, rank)] = -1;
    }
    int next = 0;
    for (int i = 0; i < rank; i++) {
      result[i] = result[i] == -1 ? 1 : shape[next++];
    }
    return in.get(0).reshaped(result);
  }

  private static Array squeeze(Arguments in) {
    int[] shape = in.get(0).shape();
    long[] axes = in.integers(1, "axes");
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < shape.length; i++) {
      int at = i;
      boolean named = Arrays.stream(axes).anyMatch(axis -> Shape.axis(axis, shape.length) == at);
      if (axes.length == 0 ? shape[i] != 1 : !named) {
        kept.add(shape[i]);
      }
    }
    return in.get(0).reshaped(kept.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Array transpose(Arguments in) {
    Array array = in.get(0);
    int rank = array.rank();
    long[] order = in.node().integers("perm");
    int[] strides = Shape.strides(array.shape());
    int[] shape = new int[rank];
    int[] steps = new int[rank];
    boolean[] taken = new boolean[rank];
    for (int i = 0; i < rank; i++) {
      int axis = order.length == 0 ? rank - 1 - i : Shape.axis(order[i], rank);
      if (taken[axis]) {
        throw new IllegalArgumentException("the order " + Arrays.toString(order));
      }
      taken[axis] = true;
      shape[i] = array.shape()[axis];
      steps[i] = strides[axis];
    }
    return array.view(shape, Shape.walk(shape, steps, 0));
  }

  private static Array expand(Arguments in) {
    Array array = in.get(0);
    int[] shape = Shape.broadcast(array.shape(), in.get(1).ints());
    return Shape.pick(array, shape, Shape.source(array.shape(), shape));
  }

  private static Array concat(Arguments in) {
    int[] shape = in.get(0).shape().clone();
    int axis = Shape.axis(in.integer("axis", 0), shape.length);
    int outer = Shape.elements(shape, 0, axis);
    int inner = Shape.elements(shape, axis + 1, shape.length);
    shape[axis] = 0;
    for (Array part : in.inputs()) {
      shape[axis] = Math.addExact(shape[axis], part.shape()[axis]);
      if (part.size() != outer * part.shape()[axis] * inner) {
        throw new IllegalArgumentException("the shape " + part + " beside " + in.get(0));
      }
    }
    double[] values = Shape.room(shape);
    int at = 0;
    for (int row = 0; row < outer; row++) {
      for (Array part : in.inputs()) {
        int run = part.shape()[axis] * inner;
        for (int i = 0; i < run; i++) {
          values[at++] = part.get(row * run + i);
        }
      }
    }
    return Array.of(in.get(0).kind(), shape, values);
  }

  private static Array slice(Arguments in) {
    Array array = in.get(0);
    long[] starts = in.integers(1, "starts");
    long[] ends = in.integers(2, "ends");
    long[] axes = in.integers(3, "axes");
    long[] jumps = in.has(4) ? in.get(4).longs() : new long[0];
    int[] shape = array.shape().clone();
    int[] steps = Shape.strides(shape);
    int from = 0;
    for (int i = 0; i < starts.length; i++) {
      int axis = Shape.axis(axes.length == 0 ? i : axes[i], array.rank());
      int size = array.shape()[axis];
      if (jumps.length > 0 && jumps[i] <= 0) {
        throw new IllegalArgumentException("the step " + jumps[i]);
      }
      int jump = (int) Math.min(jumps.length == 0 ? 1 : jumps[i], Math.max(1, size));
      int start = clamp(starts[i], size);
      int length = Math.max(0, clamp(ends[i], size) - start);
      shape[axis] = Math.ceilDiv(length, jump);
      from += start * steps[axis];
      steps[axis] *= jump;
    }
    return Shape.pick(array, shape, Shape.walk(shape, steps, from));
  }

  private static Array range(Arguments in) {
    double start = in.get(0).get(0);
    double step = in.get(2).get(0);
    double count = Math.max(0, Math.ceil((in.get(1).get(0) - start) / step));
    double[] values = new double[Evaluator.bounded(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = start + i * step;
    }
    return Array.of(in.get(0).kind(), new int[] {values.length}, values);
  }

  private static Array constantOfShape(Arguments in) {
    int[] shape = in.get(0).ints();
    var value = in.node().attributes().get("value");
    Array one = value == null ? Array.of(Kind.FLOAT, new int[] {1}, 0) : Array.of(value.tensor());
    return Shape.pick(one, shape, index -> 0);
  }

  private static Array trilu(Arguments in) {
    Array array = in.get(0);
    int columns = array.last();
    int rows = array.shape()[array.rank() - 2];
    long diagonal = in.has(1) ? in.get(1).longs()[0] : 0;
    boolean upper = in.integer("upper", 1) != 0;
    double[] values = array.values().clone();
    for (int i = 0; i < values.length; i++) {
      int offset = i % columns - i / columns % rows;
      if (upper ? offset < diagonal : offset > diagonal) {
        values[i] = 0;
      }
    }
    return Array.of(array.kind(), array.shape(), values);
  }
}
