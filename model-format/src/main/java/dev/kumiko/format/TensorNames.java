package dev.kumiko.format;

import dev.kumiko.format.Layout.LinearMap;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names and shapes of a model's weights. A linear map's weight is {@code [out][in]}, row-major,
 * as in PyTorch; D is the hidden size, F the intermediate size, V the vocabulary size, P the number
 * of positions, T of token types, H d the width of all queries and K d that of all keys.
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

  /** The position table, {@code [P][D]}, if positions are learned. */
  public static final String POSITION_EMBEDDINGS = "embeddings.position.weight";

  /** The part that {@link #POSITION_EMBEDDINGS} is the weight of. */
  public static final String POSITION_EMBEDDINGS_PART = "embeddings.position";

  /** The token type table, {@code [T][D]}, if there are token types. */
  public static final String TOKEN_TYPE_EMBEDDINGS = "embeddings.token_type.weight";

  /** The LayerNorm after the embeddings: weight and bias {@code [D]}. */
  public static final String EMBEDDINGS_NORM = "embeddings.norm";

  /** What is added to attention scores, {@code [buckets][heads]}, if there is a relative bias. */
  public static final String RELATIVE_BIAS = "attention.relative_bias.weight";

  /** The LayerNorm after the last layer, if LayerNorms stand before the blocks. */
  public static final String FINAL_NORM = "final.norm";

  /** What the names of all tensors behind the pooling begin with. */
  public static final String HEAD = "head.";

  private static final String WEIGHT = ".weight";

  private static final Pattern IN_LAYER = Pattern.compile("layers\\.(\\d{1,4})(\\..+)");

  private TensorNames() {}

  /**
   * {@return the name of a part's weight, such as {@code embeddings.norm.weight}}
   *
   * @param part the part's name, such as {@code embeddings.token}
   */
  public static String weight(String part) {
    return part + WEIGHT;
  }

  /**
   * {@return the name of the scales of a part's int8 weight, such as {@code x.weight_scale}}
   *
   * @param part the part's name, such as {@code embeddings.token}
   */
  public static String scale(String part) {
    return part + ".weight_scale";
  }

  /**
   * {@return the name of the factors of a part's int8 input, such as {@code x.input_factor}}
   *
   * @param part the part's name, such as {@code embeddings.token}
   */
  public static String inputFactor(String part) {
    return part + ".input_factor";
  }

  /**
   * {@return the name of a part's bias, such as {@code embeddings.norm.bias}}
   *
   * @param part the part's name, such as {@code embeddings.token}
   */
  public static String bias(String part) {
    return part + ".bias";
  }

  /**
   * {@return a part of a composed token table: weight {@code [Q_f][d_f]}}
   *
   * @param part from 0
   */
  public static String composedPart(int part) {
    return "embeddings.token.parts." + part;
  }

  /**
   * {@return the part that makes queries: weight {@code [H d][D]}, bias {@code [H d]}}
   *
   * @param layer from 0
   */
  public static String attentionQuery(int layer) {
    return "layers." + layer + ".attention.query";
  }

  /**
   * {@return the part that makes keys: weight {@code [K d][D]}, bias {@code [K d]}}
   *
   * @param layer from 0
   */
  public static String attentionKey(int layer) {
    return "layers." + layer + ".attention.key";
  }

  /**
   * {@return the part that makes values: weight {@code [K d][D]}, bias {@code [K d]}}
   *
   * @param layer from 0
   */
  public static String attentionValue(int layer) {
    return "layers." + layer + ".attention.value";
  }

  /**
   * {@return the part behind the attention heads: weight {@code [D][H d]}, bias {@code [D]}}
   *
   * @param layer from 0
   */
  public static String attentionOutput(int layer) {
    return "layers." + layer + ".attention.output";
  }

  /**
   * {@return the norm of each head of queries: weight and bias {@code [d]}}
   *
   * @param layer from 0
   */
  public static String attentionQueryNorm(int layer) {
    return "layers." + layer + ".attention.query_norm";
  }

  /**
   * {@return the norm of each head of keys: weight and bias {@code [d]}}
   *
   * @param layer from 0
   */
  public static String attentionKeyNorm(int layer) {
    return "layers." + layer + ".attention.key_norm";
  }

  /**
   * {@return the norm behind the attention block, if norms stand around it}
   *
   * @param layer from 0
   */
  public static String attentionOutputNorm(int layer) {
    return "layers." + layer + ".attention.output_norm";
  }

  /**
   * {@return the norm behind the feed-forward block, if norms stand around it}
   *
   * @param layer from 0
   */
  public static String feedForwardOutputNorm(int layer) {
    return "layers." + layer + ".feed_forward.output_norm";
  }

  /**
   * {@return the LayerNorm of the attention block: weight and bias {@code [D]}}
   *
   * @param layer from 0
   */
  public static String attentionNorm(int layer) {
    return "layers." + layer + ".attention.norm";
  }

  /**
   * {@return the part before the activation: weight {@code [F][D]}, bias {@code [F]}}
   *
   * @param layer from 0
   */
  public static String feedForwardUp(int layer) {
    return "layers." + layer + ".feed_forward.up";
  }

  /**
   * {@return the part that activations are multiplied by: weight {@code [F][D]}, bias {@code [F]}}
   *
   * @param layer from 0
   */
  public static String feedForwardGate(int layer) {
    return "layers." + layer + ".feed_forward.gate";
  }

  /**
   * {@return the part after the activation: weight {@code [D][F]}, bias {@code [D]}}
   *
   * @param layer from 0
   */
  public static String feedForwardDown(int layer) {
    return "layers." + layer + ".feed_forward.down";
  }

  /**
   * {@return the LayerNorm of the feed-forward block: weight and bias {@code [D]}}
   *
   * @param layer from 0
   */
  public static String feedForwardNorm(int layer) {
    return "layers." + layer + ".feed_forward.norm";
  }

  /**
   * {@return the layer that a tensor is part of; empty for what no single layer has}
   *
   * @param tensor the name of any tensor
   */
  public static OptionalInt layer(String tensor) {
    Matcher matcher = IN_LAYER.matcher(tensor);
    return matcher.matches()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  /**
   * {@return what the same tensor of another layer is called}
   *
   * @param tensor the name of a tensor of a layer
   * @param layer from 0
   */
  public static String inLayer(String tensor, int layer) {
    Matcher matcher = IN_LAYER.matcher(tensor);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(tensor + " is in no layer");
    }
    return "layers." + layer + matcher.group(2);
  }

  /**
   * {@return a step behind the pooling: the weight {@code [out][in]} or {@code [out]}, the bias}
   *
   * @param step from 0
   */
  public static String headStep(int step) {
    return HEAD + step;
  }

  /**
   * {@return the weights a model needs, name to shape, in the order of the computation}
   *
   * @param description what the model is
   */
  public static Map<String, List<Long>> required(ModelDescription description) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>(required(description.architecture()));
    Head head = description.head();
    shapes.putAll(head(head.steps(), head.inputs(0, description.architecture().hiddenSize())));
    return shapes;
  }

  /**
   * {@return the weights that steps need behind a pooled vector of so many components}
   *
   * @param steps in their order
   * @param pooled the length of the pooled vector
   */
  public static Map<String, List<Long>> head(List<HeadStep> steps, int pooled) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    int inputs = pooled;
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof HeadStep.Dense dense) {
        putLinear(shapes, headStep(i), dense.outputs(), inputs, dense.bias());
      } else if (steps.get(i) instanceof HeadStep.Norm norm) {
        putNorm(shapes, headStep(i), inputs, norm.bias());
      }
      inputs = steps.get(i).outputs(inputs);
    }
    return shapes;
  }

  /**
   * {@return the weights an encoder needs, name to shape, in the order of the computation}
   *
   * @param architecture what the encoder is
   */
  public static Map<String, List<Long>> required(Architecture architecture) {
    Layout layout = architecture.layout();
    long hidden = architecture.hiddenSize();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put(TOKEN_EMBEDDINGS, List.of((long) architecture.vocabularySize(), hidden));
    if (layout.position() instanceof Position.Learned) {
      shapes.put(POSITION_EMBEDDINGS, List.of((long) architecture.positions(), hidden));
    }
    if (architecture.tokenTypes() > 0) {
      shapes.put(TOKEN_TYPE_EMBEDDINGS, List.of((long) architecture.tokenTypes(), hidden));
    }
    if (layout.norm().isBehindEmbeddings()) {
      putNorm(shapes, EMBEDDINGS_NORM, hidden, layout.normBias());
    }
    if (layout.relativeBias().isPresent()) {
      long buckets = layout.relativeBias().get().buckets();
      shapes.put(RELATIVE_BIAS, List.of(buckets, (long) architecture.attentionHeads()));
    }
    for (int i = 0; i < architecture.layers(); i++) {
      putLayer(shapes, architecture, i);
    }
    if (layout.norm().isBeforeBlocks()) {
      putNorm(shapes, FINAL_NORM, hidden, layout.normBias());
    }
    return shapes;
  }

  private static void putLayer(Map<String, List<Long>> shapes, Architecture architecture, int i) {
    Layout layout = architecture.layout();
    long hidden = architecture.hiddenSize();
    long intermediate = architecture.intermediateSize();
    boolean normBias = layout.normBias();
    boolean qkv = layout.biased().contains(LinearMap.ATTENTION_INPUT);
    putLinear(shapes, attentionQuery(i), architecture.queryWidth(), hidden, qkv);
    putLinear(shapes, attentionKey(i), architecture.keyWidth(), hidden, qkv);
    putLinear(shapes, attentionValue(i), architecture.keyWidth(), hidden, qkv);
    if (layout.attention().headNorms()) {
      putNorm(shapes, attentionQueryNorm(i), architecture.headSize(), normBias);
      putNorm(shapes, attentionKeyNorm(i), architecture.headSize(), normBias);
    }
    boolean out = layout.biased().contains(LinearMap.ATTENTION_OUTPUT);
    putLinear(shapes, attentionOutput(i), hidden, architecture.queryWidth(), out);
    if (layout.norm().isInAttention(i)) {
      putNorm(shapes, attentionNorm(i), hidden, normBias);
    }
    boolean wide = layout.biased().contains(LinearMap.FEED_FORWARD_INPUT);
    putLinear(shapes, feedForwardUp(i), intermediate, hidden, wide);
    if (layout.gated()) {
      putLinear(shapes, feedForwardGate(i), intermediate, hidden, wide);
    }
    boolean down = layout.biased().contains(LinearMap.FEED_FORWARD_OUTPUT);
    putLinear(shapes, feedForwardDown(i), hidden, intermediate, down);
    putNorm(shapes, feedForwardNorm(i), hidden, normBias);
    if (layout.norm() == Layout.NormPlace.AROUND) {
      putNorm(shapes, attentionOutputNorm(i), hidden, normBias);
      putNorm(shapes, feedForwardOutputNorm(i), hidden, normBias);
    }
  }

  /**
   * {@return the parts whose weight may be int8, with their shapes {@code [rows][columns]}: the
   * token table and every linear map of the layers}
   *
   * @param architecture what the encoder is
   */
  public static Map<String, List<Long>> quantizable(Architecture architecture) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put(TOKEN_EMBEDDINGS_PART, required(architecture).get(TOKEN_EMBEDDINGS));
    shapes.putAll(linearMaps(architecture));
    return shapes;
  }

  /**
   * {@return the linear maps of the layers with their shapes {@code [outputs][inputs]}, in the
   * order of the computation}
   *
   * @param architecture what the encoder is
   */
  public static Map<String, List<Long>> linearMaps(Architecture architecture) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, List<Long>> weight : required(architecture).entrySet()) {
      if (isLinearMap(weight.getKey(), weight.getValue())) {
        shapes.put(part(weight.getKey()), weight.getValue());
      }
    }
    return shapes;
  }

  private static boolean isLinearMap(String weight, List<Long> shape) {
    return shape.size() == 2 && weight.startsWith("layers.");
  }

  /** Returns the part that has a weight. */
  private static String part(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length());
  }

  /**
   * {@return the parts of a model whose weight may be int8, with their shapes: {@link
   * #quantizable(Architecture)}, where the parts of a composed token table stand for the table}
   *
   * @param file an open model
   * @param architecture what the encoder is
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
   * Checks that a file has every weight a model needs, in the right shape, as floating-point
   * numbers or, where {@link #quantizable} allows it and in the position table, as int8 with
   * scales. Further tensors are allowed. Of a composed token table everything but the codes is
   * checked. Where the architecture has int8 activations, every linear map of the layers is int8,
   * has its input factors, and no group of its weights can overflow.
   *
   * @param file an open model
   * @param description what the model is
   * @throws ModelFormatException naming the first tensor that is missing or different
   */
  public static void check(ModelFile file, ModelDescription description)
      throws ModelFormatException {
    Architecture architecture = description.architecture();
    Optional<Int8Activations> activations = architecture.int8Activations();
    Map<String, List<Long>> weights = required(description);
    if (Composition.isStored(file)) {
      weights.remove(TOKEN_EMBEDDINGS);
      composedTable(file, architecture);
    }
    for (Map.Entry<String, List<Long>> required : weights.entrySet()) {
      Tensor tensor = file.tensor(required.getKey());
      List<Long> shape = required.getValue();
      boolean linearMap = isLinearMap(tensor.name(), shape);
      boolean mayBeInt8 =
          linearMap
              || tensor.name().equals(TOKEN_EMBEDDINGS)
              || tensor.name().equals(POSITION_EMBEDDINGS);
      String part = mayBeInt8 ? part(tensor.name()) : "";
      if (activations.isPresent() && linearMap) {
        Int8Matrix stored = Int8Matrix.read(file, part, shape.get(0), shape.get(1));
        Int8Activations.factors(file, part, shape.get(1));
        activations.get().check(file, stored);
      } else if (mayBeInt8 && Int8Matrix.isStored(file, part)) {
        Int8Matrix.expect(file, part, shape.get(0), shape.get(1));
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
          file, factors.get(), "is there, but the architecture has no int8_activations");
    }
  }

  private static ModelFormatException unexpected(ModelFile file, Tensor tensor, String problem) {
    return new ModelFormatException(
        Reason.UNEXPECTED_TENSOR,
        "%s: tensor %s %s".formatted(file.source(), tensor.name(), problem),
        -1,
        tensor.name());
  }

  private static void putLinear(
      Map<String, List<Long>> shapes, String part, long out, long in, boolean bias) {
    shapes.put(weight(part), List.of(out, in));
    if (bias) {
      shapes.put(bias(part), List.of(out));
    }
  }

  private static void putNorm(
      Map<String, List<Long>> shapes, String part, long size, boolean bias) {
    shapes.put(weight(part), List.of(size));
    if (bias) {
      shapes.put(bias(part), List.of(size));
    }
  }
}
