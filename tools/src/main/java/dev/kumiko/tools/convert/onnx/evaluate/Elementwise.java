package dev.kumiko.tools.convert.onnx.evaluate;

import dev.kumiko.tools.convert.onnx.evaluate.Array.Kind;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import org.apache.commons.math3.special.Erf;

/** Operators on elements. Floating-point results are rounded to float, as a run-time has them. */
final class Elementwise {
  private Elementwise() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("Abs", unary(Math::abs));
    operators.put("Erf", unary(Erf::erf));
    operators.put("Exp", unary(Math::exp));
    operators.put("Log", unary(Math::log));
    operators.put("Neg", unary(x -> -x));
    operators.put("Reciprocal", unary(x -> 1 / x));
    operators.put("Relu", unary(x -> Math.max(x, 0)));
    operators.put("Sigmoid", unary(x -> 1 / (1 + Math.exp(-x))));
    operators.put("Sqrt", unary(Math::sqrt));
    operators.put("Tanh", unary(Math::tanh));
    operators.put("Gelu", Elementwise::gelu);
    operators.put("Identity", in -> in.get(0));
    operators.put("Dropout", in -> in.get(0));
    operators.put("Not", in -> map(in.get(0), Kind.BOOLEAN, x -> x == 0 ? 1 : 0));
    operators.put("IsNaN", in -> map(in.get(0), Kind.BOOLEAN, x -> Double.isNaN(x) ? 1 : 0));
    operators.put("Clip", Elementwise::clip);
    operators.put("Cast", Elementwise::cast);
    operators.put("CastLike", in -> map(in.get(0), in.get(1).kind(), x -> x));

    operators.put("Add", arithmetic((a, b) -> a + b));
    operators.put("Sub", arithmetic((a, b) -> a - b));
    operators.put("Mul", arithmetic((a, b) -> a * b));
    operators.put("Div", arithmetic((a, b) -> a / b));
    operators.put("Pow", arithmetic(Math::pow));
    operators.put("Min", arithmetic(Math::min));
    operators.put("Max", arithmetic(Math::max));

    operators.put("Equal", logical((a, b) -> a == b ? 1 : 0));
    operators.put("Less", logical((a, b) -> a < b ? 1 : 0));
    operators.put("LessOrEqual", logical((a, b) -> a <= b ? 1 : 0));
    operators.put("Greater", logical((a, b) -> a > b ? 1 : 0));
    operators.put("GreaterOrEqual", logical((a, b) -> a >= b ? 1 : 0));
    operators.put("And", logical((a, b) -> a != 0 && b != 0 ? 1 : 0));
    operators.put("Or", logical((a, b) -> a != 0 || b != 0 ? 1 : 0));
    operators.put("Xor", logical((a, b) -> (a != 0) == (b != 0) ? 0 : 1));
    operators.put("Where", Elementwise::where);
  }

  private static Array gelu(Operator.Arguments in) {
    boolean tanh = in.node().text("approximate", "none").equals("tanh");
    return map(in.get(0), Kind.FLOAT, tanh ? Activations::geluTanh : Activations::gelu);
  }

  /** Bounds are attributes before version 11. */
  private static Array clip(Operator.Arguments in) {
    double least = bound(in, 1, "min", Double.NEGATIVE_INFINITY);
    double most = bound(in, 2, "max", Double.POSITIVE_INFINITY);
    return map(in.get(0), in.get(0).kind(), x -> Math.min(most, Math.max(least, x)));
  }

  private static double bound(Operator.Arguments in, int input, String attribute, double absent) {
    return in.has(input) ? in.get(input).get(0) : in.node().number(attribute, (float) absent);
  }

  private static Array cast(Operator.Arguments in) {
    Kind kind =
        switch ((int) in.integer("to", 0)) {
          case 1, 10, 11, 16 -> Kind.FLOAT;
          case 9 -> Kind.BOOLEAN;
          case 2, 3, 4, 5, 6, 7, 12, 13 -> Kind.INTEGER;
          default -> throw new IllegalArgumentException("the type " + in.integer("to", 0));
        };
    if (kind == Kind.FLOAT && in.get(0).kind() == Kind.FLOAT) {
      return in.get(0); // A weight, mostly: what is computed in fp16 is computed more exactly here.
    }
    return map(in.get(0), kind, kind == Kind.BOOLEAN ? x -> x == 0 ? 0 : 1 : x -> x);
  }

  private static Operator unary(DoubleUnaryOperator function) {
    return in -> map(in.get(0), in.get(0).kind(), function);
  }

  private static Array map(Array array, Kind kind, DoubleUnaryOperator function) {
    double[] values = Shape.room(array.shape());
    for (int i = 0; i < values.length; i++) {
      values[i] = rounded(kind, function.applyAsDouble(array.get(i)));
    }
    return Array.of(kind, array.shape(), values);
  }

  private static double rounded(Kind kind, double value) {
    return kind == Kind.FLOAT ? (float) value : (long) value;
  }

  private static Operator arithmetic(DoubleBinaryOperator function) {
    return in -> {
      Array result = in.get(0);
      for (int i = 1; i < in.inputs().size(); i++) {
        result = combine(result, in.get(i), result.kind(), function);
      }
      return result;
    };
  }

  private static Operator logical(DoubleBinaryOperator function) {
    return in -> combine(in.get(0), in.get(1), Kind.BOOLEAN, function);
  }

  private static Array combine(Array a, Array b, Kind kind, DoubleBinaryOperator function) {
    int[] shape = Shape.broadcast(a.shape(), b.shape());
    IntUnaryOperator left = Shape.source(a.shape(), shape);
    IntUnaryOperator right = Shape.source(b.shape(), shape);
    double[] values = Shape.room(shape);
    for (int i = 0; i < values.length; i++) {
      double x = a.get(left.applyAsInt(i));
      double y = b.get(right.applyAsInt(i));
      values[i] = rounded(kind, function.applyAsDouble(x, y));
    }
    return Array.of(kind, shape, values);
  }

  private static Array where(Operator.Arguments in) {
    Array condition = in.get(0);
    Array yes = in.get(1);
    Array no = in.get(2);
    int[] shape = Shape.broadcast(condition.shape(), Shape.broadcast(yes.shape(), no.shape()));
    IntUnaryOperator decide = Shape.source(condition.shape(), shape);
    IntUnaryOperator left = Shape.source(yes.shape(), shape);
    IntUnaryOperator right = Shape.source(no.shape(), shape);
    double[] values = Shape.room(shape);
    for (int i = 0; i < values.length; i++) {
      boolean isYes = condition.get(decide.applyAsInt(i)) != 0;
      values[i] = isYes ? yes.get(left.applyAsInt(i)) : no.get(right.applyAsInt(i));
    }
    return Array.of(yes.kind(), shape, values);
  }
}
