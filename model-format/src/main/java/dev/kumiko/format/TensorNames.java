package dev.kumiko.format;

import dev.kumiko.format.ModelFormatException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names and shapes of a model's weights. A linear map's weight is {@code [out][in]}, row-major,
 * as in PyTorch; D is the hidden size, F the intermediate size, V the vocabulary size, P the number
 * of positions and T of token types.
 */
public final class TensorNames {
  /** The token table, {@code [V][D]}. */
  public static final String TOKEN_EMBEDDINGS = "embeddings.token.weight";

  /** The part that {@link #TOKEN_EMBEDDINGS} is the weight of. */
  public static final String TOKEN_EMBEDDINGS_PART = "embeddings.token";

  /** The position table, {@code [P][D]}. */
  public static final String POSITION_EMBEDDINGS = "embeddings.position.weight";

  /** The token type table, {@code [T][D]}. */
  public static final String TOKEN_TYPE_EMBEDDINGS = "embeddings.token_type.weight";

  private static final String LAYERS = "layers.";

  /** The LayerNorm after the embeddings: weight and bias {@code [D]}. */
  public static final String EMBEDDINGS_NORM = "embeddings.norm";

  private TensorNames() {}

  /** Returns the name of a part's weight, such as {@code embeddings.norm.weight}. */
  public static String weight(String part) {
    return part + ".weight";
  }

  /** Returns the name of the scales of a part's int8 weight, such as {@code x.weight_scale}. */
  public static String scale(String part) {
    return part + ".weight_scale";
  }

  /** Returns the name of the factors of a part's int8 input, such as {@code x.input_factor}. */
  public static String inputFactor(String part) {
    return part + ".input_factor";
  }

  /** Returns the name of a part's bias, such as {@code embeddings.norm.bias}. */
  public static String bias(String part) {
    return part + ".bias";
  }

  /** Returns the part that makes queries: weight {@code [D][D]}, bias {@code [D]}. */
  public static String attentionQuery(int layer) {
    return "layers." + layer + ".attention.query";
  }

  /** Returns the part that makes keys: weight {@code [D][D]}, bias {@code [D]}. */
  public static String attentionKey(int layer) {
    return "layers." + layer + ".attention.key";
  }

  /** Returns the part that makes values: weight {@code [D][D]}, bias {@code [D]}. */
  public static String attentionValue(int layer) {
    return "layers." + layer + ".attention.value";
  }

  /** Returns the part behind the attention heads: weight {@code [D][D]}, bias {@code [D]}. */
  public static String attentionOutput(int layer) {
    return "layers." + layer + ".attention.output";
  }

  /** Returns the LayerNorm after the attention's residual sum: weight and bias {@code [D]}. */
  public static String attentionNorm(int layer) {
    return "layers." + layer + ".attention.norm";
  }

  /** Returns the part before the activation: weight {@code [F][D]}, bias {@code [F]}. */
  public static String feedForwardUp(int layer) {
    return "layers." + layer + ".feed_forward.up";
  }

  /** Returns the part after the activation: weight {@code [D][F]}, bias {@code [D]}. */
  public static String feedForwardDown(int layer) {
    return "layers." + layer + ".feed_forward.down";
  }

  /** Returns the LayerNorm after the feed-forward's residual sum: weight and bias {@code [D]}. */
  public static String feedForwardNorm(int layer) {
    return "layers." + layer + ".feed_forward.norm";
  }

  /** Returns the weights an architecture needs, name to shape, in the order of the computation. */
  public static Map<String, List<Long>> required(Architecture architecture) {
    long hidden = architecture.hiddenSize();
    long intermediate = architecture.intermediateSize();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put(TOKEN_EMBEDDINGS, List.of((long) architecture.vocabularySize(), hidden));
    shapes.put(POSITION_EMBEDDINGS, List.of((long) architecture.positions(), hidden));
    shapes.put(TOKEN_TYPE_EMBEDDINGS, List.of((long) architecture.tokenTypes(), hidden));
    putNorm(shapes, EMBEDDINGS_NORM, hidden);
    for (int i = 0; i < architecture.layers(); i++) {
      putLinear(shapes, attentionQuery(i), hidden, hidden);
      putLinear(shapes, attentionKey(i), hidden, hidden);
      putLinear(shapes, attentionValue(i), hidden, hidden);
      putLinear(shapes, attentionOutput(i), hidden, hidden);
      putNorm(shapes, attentionNorm(i), hidden);
      putLinear(shapes, feedForwardUp(i), intermediate, hidden);
      putLinear(shapes, feedForwardDown(i), hidden, intermediate);
      putNorm(shapes, feedForwardNorm(i), hidden);
    }
    return shapes;
  }

  /**
   * Returns the parts whose weight may be int8, with their shapes {@code [rows][columns]}: the
   * token table and every linear map.
   */
  public static Map<String, List<Long>> quantizable(Architecture architecture) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, List<Long>> weight : required(architecture).entrySet()) {
      String name = weight.getKey();
      boolean matrix = name.endsWith(".weight") && weight.getValue().size() == 2;
      if (matrix && !name.equals(POSITION_EMBEDDINGS) && !name.equals(TOKEN_TYPE_EMBEDDINGS)) {
        shapes.put(name.substring(0, name.length() - ".weight".length()), weight.getValue());
      }
    }
    return shapes;
  }

  /** Returns whether a part's input is quantised: that of every linear map of the layers. */
  public static boolean takesInt8(Architecture architecture, String part) {
    return architecture.int8Activations().isPresent() && part.startsWith(LAYERS);
  }

  /**
   * Checks that a file has every weight an architecture needs, in the right shape, as
   * floating-point numbers or, where {@link #quantizable} allows it, as int8 with scales. Further
   * tensors are allowed. Where the architecture has int8 activations, every linear map of the
   * layers is int8, has its input factors, and no group of its weights can overflow.
   *
   * @throws ModelFormatException naming the first tensor that is missing or different
   */
  public static void check(ModelFile file, Architecture architecture) throws ModelFormatException {
    Map<String, List<Long>> quantizable = quantizable(architecture);
    for (Map.Entry<String, List<Long>> required : required(architecture).entrySet()) {
      Tensor tensor = file.tensor(required.getKey());
      String part = tensor.name().replaceFirst("\\.weight$", "");
      List<Long> shape = required.getValue();
      boolean matrix = quantizable.containsKey(part);
      if (matrix && takesInt8(architecture, part)) {
        Int8Matrix stored = Int8Matrix.read(file, part, shape.get(0), shape.get(1));
        Int8Activations.factors(file, part, shape.get(1));
        architecture.int8Activations().orElseThrow().check(file, stored);
      } else if (matrix && Int8Matrix.isStored(file, part)) {
        Int8Matrix.read(file, part, shape.get(0), shape.get(1));
        checkNoFactors(file, part);
      } else if (!tensor.type().isFloating() || !tensor.shape().equals(shape)) {
        throw unexpected(
            file,
            tensor,
            "is %s %s, but the architecture asks for floating-point numbers %s"
                .formatted(tensor.type(), tensor.shape(), shape));
      }
    }
  }

  /** A weight that was made for multiplied inputs gives other vectors without them. */
  private static void checkNoFactors(ModelFile file, String part) throws ModelFormatException {
    Optional<Tensor> factors = file.find(inputFactor(part));
    if (factors.isPresent()) {
      throw unexpected(
          file, factors.get(), "is there, but the architecture says of no int8_activations");
    }
  }

  private static ModelFormatException unexpected(ModelFile file, Tensor tensor, String problem) {
    return new ModelFormatException(
        Reason.UNEXPECTED_TENSOR,
        "%s: tensor %s %s".formatted(file.source(), tensor.name(), problem),
        -1,
        tensor.name());
  }

  private static void putLinear(Map<String, List<Long>> shapes, String part, long out, long in) {
    shapes.put(weight(part), List.of(out, in));
    shapes.put(bias(part), List.of(out));
  }

  private static void putNorm(Map<String, List<Long>> shapes, String part, long size) {
    shapes.put(weight(part), List.of(size));
    shapes.put(bias(part), List.of(size));
  }
}
