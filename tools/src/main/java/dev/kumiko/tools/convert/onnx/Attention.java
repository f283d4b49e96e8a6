package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.onnx.LayerParts.Linear;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that the nodes between the query, key and value layers and the output layer are the
 * multi-head attention of BERT, {@code softmax(q k^T / sqrt(d) + mask) v}, and finds the number of
 * heads in the shape that splits them.
 */
final class Attention {
  /** What the mask may be made with. */
  private static final Set<String> MASK_OPERATORS =
      Set.of(
          "Add",
          "And",
          "Cast",
          "Concat",
          "Constant",
          "ConstantOfShape",
          "Equal",
          "Expand",
          "Flatten",
          "Gather",
          "Identity",
          "Mul",
          "Not",
          "Range",
          "Reshape",
          "Shape",
          "Slice",
          "Sub",
          "Unsqueeze",
          "Where");

  /** What compares positions with each other makes a causal mask; with a number, it is harmless. */
  private static final Set<String> COMPARISONS =
      Set.of("Less", "LessOrEqual", "Greater", "GreaterOrEqual");

  private static final int[] HEADS_FIRST = {0, 2, 1, 3};
  private static final int[] HEADS_FIRST_TRANSPOSED = {0, 2, 3, 1};

  private final OnnxGraph graph;
  private final String layer;
  private final int hiddenSize;

  /** The way back from a value through operations that only scale, split and reorder. */
  private final class Trace {
    private String source;
    private double scale = 1;
    private List<Long> split = List.of();
    private int[] axes = {0, 1, 2, 3};

    Trace(String value) throws ConversionException {
      source = value;
      Optional<OnnxNode> node = graph.producer(source);
      while (node.isPresent() && stepOver(node.get())) {
        node = graph.producer(source);
      }
    }

    private boolean stepOver(OnnxNode node) throws ConversionException {
      switch (node.operator()) {
        case "Reshape" -> split = graph.shape(node.input(1));
        case "Transpose" -> reorder(node);
        case "Mul", "Div" -> {
          Optional<Float> factor = graph.number(node.input(1));
          if (factor.isEmpty()) {
            return false;
          }
          scale = node.is("Mul") ? scale * factor.get() : scale / factor.get();
        }
        default -> {
          return false;
        }
      }
      source = node.input(0);
      return true;
    }

    private void reorder(OnnxNode node) throws ConversionException {
      long[] order = node.integers("perm");
      if (order.length != 4 || !Arrays.stream(order).allMatch(axis -> axis >= 0 && axis < 4)) {
        throw unexpected("the transposition " + node.name());
      }
      axes = Arrays.stream(axes).map(axis -> (int) order[axis]).toArray();
    }
  }

  Attention(OnnxGraph graph, String layer, int hiddenSize) {
    this.graph = graph;
    this.layer = layer;
    this.hiddenSize = hiddenSize;
  }

  /** Returns the number of heads. */
  int heads(Linear query, Linear key, Linear value, Linear output) throws ConversionException {
    Trace context = new Trace(output.input());
    OnnxNode weighted = matMul(context.source);
    requireAxes(context, HEADS_FIRST);
    OnnxNode softmax = softmax(weighted.input(0));
    Trace scores = scores(softmax);
    OnnxNode products = matMul(scores.source);

    Trace queries = new Trace(products.input(0));
    Trace keys = new Trace(products.input(1));
    Trace values = new Trace(weighted.input(1));
    requireAxes(queries, HEADS_FIRST);
    requireAxes(keys, HEADS_FIRST_TRANSPOSED);
    requireAxes(values, HEADS_FIRST);
    int heads = split(queries, query);
    if (split(keys, key) != heads || split(values, value) != heads) {
      throw unexpected("a different number of heads for query, key and value");
    }
    requireScale(scores.scale * queries.scale * keys.scale, Math.sqrt((double) heads / hiddenSize));
    requireScale(context.scale * values.scale, 1);
    return heads;
  }

  private OnnxNode matMul(String value) throws ConversionException {
    return graph
        .producer(value, "MatMul")
        .orElseThrow(() -> unexpected("no MatMul computes " + value));
  }

  private OnnxNode softmax(String value) throws ConversionException {
    // PyTorch's scaled_dot_product_attention sets rows without any visible key to zero.
    String probabilities =
        graph
            .producer(value, "Where")
            .filter(where -> graph.producer(where.input(0), "IsNaN").isPresent())
            .map(where -> where.input(2))
            .orElse(value);
    OnnxNode softmax =
        graph
            .producer(probabilities, "Softmax")
            .orElseThrow(() -> unexpected("no Softmax computes " + value));
    long[] axis = softmax.integers("axis");
    if (axis.length != 1 || (axis[0] != 3 && axis[0] != -1)) {
      throw unexpected("a Softmax over axis " + Arrays.toString(axis));
    }
    return softmax;
  }

  private Trace scores(OnnxNode softmax) throws ConversionException {
    OnnxNode sum =
        graph
            .producer(softmax.input(0), "Add")
            .orElseThrow(() -> unexpected("no mask is added before the Softmax"));
    Trace first = new Trace(sum.input(0));
    boolean maskSecond = graph.producer(first.source, "MatMul").isPresent();
    checkMask(sum.input(maskSecond ? 1 : 0));
    return maskSecond ? first : new Trace(sum.input(1));
  }

  private void checkMask(String mask) throws ConversionException {
    // What is made of the hidden states' shape, or of the ids', does not depend on their content.
    for (OnnxNode node : graph.ancestors(mask, node -> node.is("Shape"))) {
      boolean withNumber = node.inputs().stream().anyMatch(in -> graph.constant(in).isPresent());
      if (!MASK_OPERATORS.contains(node.operator())
          && !(COMPARISONS.contains(node.operator()) && withNumber)) {
        throw unexpected("a mask made with the operator " + node.operator());
      }
      for (String input : node.inputs()) {
        if (graph.isInput(input) && !input.equals("attention_mask")) {
          throw unexpected("a mask that depends on " + input);
        }
      }
    }
  }

  private int split(Trace trace, Linear from) throws ConversionException {
    if (!trace.source.equals(from.output())) {
      throw unexpected("%s where %s was expected".formatted(trace.source, from.output()));
    }
    if (trace.split.size() == 4) {
      long heads = trace.split.get(2);
      long size = trace.split.get(3);
      long known = heads > 0 ? heads : size > 0 ? hiddenSize / size : 0;
      if (known > 0 && hiddenSize % known == 0 && (size <= 0 || known * size == hiddenSize)) {
        return (int) known;
      }
    }
    throw unexpected("%,d hidden components split as %s".formatted(hiddenSize, trace.split));
  }

  private void requireAxes(Trace trace, int[] expected) throws ConversionException {
    if (!Arrays.equals(trace.axes, expected)) {
      throw unexpected("axes in the order " + Arrays.toString(trace.axes));
    }
  }

  private void requireScale(double scale, double expected) throws ConversionException {
    if (!(Math.abs(scale / expected - 1) < 1e-4)) {
      throw unexpected("a scale of %s instead of %s".formatted(scale, expected));
    }
  }

  private ConversionException unexpected(String what) {
    return graph.error("the attention of %s is not that of BERT: %s.".formatted(layer, what));
  }
}
