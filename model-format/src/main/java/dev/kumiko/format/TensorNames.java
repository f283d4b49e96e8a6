package dev.kumiko.format;

import dev.kumiko.format.ModelFormatException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** In a composed table: which sub-vector a token has in each part, U8 or U16 {@code [V][F]}. */
  public static final String TOKEN_CODES = "embeddings.token.codes";

  /** In a Cartesian table: the place that counts instead of a token's id, I32 {@code [V]}. */
  public static final String TOKEN_ORDER = "embeddings.token.order";

  /** In a composed table: the tokens with a row of their own, I32 {@code [n]}, ascending. */
  public static final String OWN_ROW_IDS = "embeddings.token.own.ids";

  /** The part with the rows of these tokens: weight {@code [n][D]}. */
  public static final String OWN_ROWS = "embeddings.token.own";

  /** The position table, {@code [P][D]}. */
  public static final String POSITION_EMBEDDINGS = "embeddings.position.weight";

  /** The part that {@link #POSITION_EMBEDDINGS} is the weight of. */
  public static final String POSITION_EMBEDDINGS_PART = "embeddings.position";

  /** The token type table, {@code [T][D]}. */
  public static final String TOKEN_TYPE_EMBEDDINGS = "embeddings.token_type.weight";

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

  /** Returns the name of a part's bias, such as {@code embeddings.norm.bias}. */
  public static String bias(String part) {
    return part + ".bias";
  }

  /** Returns a part of a composed token table: weight {@code [Q_f][d_f]}. */
  public static String composedPart(int part) {
    return "embeddings.token.parts." + part;
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

  /**
   * Returns the parts of a model whose weight may be int8, with their shapes: {@link
   * #quantizable(Architecture)}, where the parts of a composed token table stand for the table.
   *
   * @throws ModelFormatException if the token table is composed and malformed
   */
  public static Map<String, List<Long>> quantizable(ModelFile file, Architecture architecture)
      throws ModelFormatException {
    Map<String, List<Long>> shapes = quantizable(architecture);
    if (Composition.isStored(file)) {
      shapes.remove(TOKEN_EMBEDDINGS_PART);
      shapes.putAll(composedTable(file, architecture).quantizable());
    }
    return shapes;
  }

  private static ComposedTable composedTable(ModelFile file, Architecture architecture)
      throws ModelFormatException {
    return ComposedTable.read(file, architecture.vocabularySize(), architecture.hiddenSize());
  }

  /**
   * Checks that a file has every weight an architecture needs, in the right shape, as
   * floating-point numbers or, where {@link #quantizable} allows it and in the position table, as
   * int8 with scales. Further tensors are allowed. Of a composed token table everything but the
   * codes is checked.
   *
   * @throws ModelFormatException naming the first tensor that is missing or different
   */
  public static void check(ModelFile file, Architecture architecture) throws ModelFormatException {
    Map<String, List<Long>> quantizable = quantizable(architecture);
    Map<String, List<Long>> weights = required(architecture);
    if (Composition.isStored(file)) {
      weights.remove(TOKEN_EMBEDDINGS);
      composedTable(file, architecture);
    }
    for (Map.Entry<String, List<Long>> required : weights.entrySet()) {
      Tensor tensor = file.tensor(required.getKey());
      String part = tensor.name().replaceFirst("\\.weight$", "");
      List<Long> shape = required.getValue();
      boolean mayBeInt8 = quantizable.containsKey(part) || part.equals(POSITION_EMBEDDINGS_PART);
      if (mayBeInt8 && Int8Matrix.isStored(file, part)) {
        Int8Matrix.read(file, part, shape.get(0), shape.get(1));
      } else if (!tensor.type().isFloating() || !tensor.shape().equals(shape)) {
        throw new ModelFormatException(
            Reason.UNEXPECTED_TENSOR,
            String.format(
                "%s: tensor %s is %s %s, but the architecture asks for floating-point numbers %s",
                file.source(), tensor.name(), tensor.type(), tensor.shape(), required.getValue()),
            -1,
            tensor.name());
      }
    }
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
