package dev.kumiko.tools;

import dev.kumiko.Backend;
import dev.kumiko.Precision;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Int8Activations;
import dev.kumiko.format.Json;
import dev.kumiko.format.Layout;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.Position;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.tools.quantize.Quantizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says everything there is to say about a model, as a tree fit for JSON. */
final class ModelSummary {
  private static final String TOKENIZER_TENSORS = "tokenizer.";
  private static final String FP32_ACTIVATIONS = "fp32 activations";

  private ModelSummary() {}

  /**
   * Returns the facts by name, in the order in which people want them.
   *
   * @param fastest what computes the model with {@link Precision#FASTEST}
   */
  static Map<String, Object> of(ModelFile file, ModelDescription model, Backend fastest)
      throws ModelFormatException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", model.name());
    facts.put("source", model.source());
    facts.put("file", file.source());
    facts.put("bytes", file.size());
    facts.put("architecture", architecture(model.architecture()));
    facts.put("parameters", parameters(file));
    facts.put("weights", weights(file, model.architecture()));
    facts.put("token_table", tokenTable(TableFacts.of(file, model.architecture())));
    facts.put("quantisation", quantisation(file));
    facts.put("tensors", byType(file));
    facts.put("memory", MemoryFacts.of(file, model));
    facts.put("dimension", model.dimension());
    facts.put(
        "pooling",
        model.head().pooling().stream().map(Choice::name).collect(Collectors.joining(", ")));
    facts.put("pool_prompt", model.head().poolPrompt());
    facts.put("head", model.head().steps().stream().map(ModelSummary::step).toList());
    facts.put("normalize", model.head().normalize());
    facts.put("similarity", Choice.name(model.similarity()));
    model
        .classifier()
        .ifPresent(
            classifier -> {
              facts.put("labels", classifier.labels());
              facts.put("scores", Choice.name(classifier.function()));
            });
    facts.put("max_tokens", model.maxTokens());
    facts.put("prompts", model.prompts());
    facts.put("default_prompt", model.defaultPrompt());
    facts.put("tokenizer", tokenizer(model.tokenizer(), model.architecture()));
    facts.put("precision", precision(model.architecture(), fastest));
    facts.put("backend", closest(fastest).toString());
    return facts;
  }

  /** Which arithmetic each choice of {@code --precision} is on this machine. */
  private static Map<String, Object> precision(Architecture sizes, Backend fastest) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put(Choice.name(Precision.CLOSEST), FP32_ACTIVATIONS);
    facts.put(Choice.name(Precision.FASTEST), fastest(sizes, fastest));
    return facts;
  }

  private static String fastest(Architecture sizes, Backend fastest) {
    if (fastest.int8Activations()) {
      return "int8 activations";
    }
    return sizes.int8Activations().isPresent()
        ? FP32_ACTIVATIONS
            + "; the model allows int8 ones, which are faster with machine code or vectors of 512"
            + " bits only"
        : FP32_ACTIVATIONS + ", the only ones that the model allows";
  }

  private static Backend closest(Backend fastest) {
    return new Backend(
        fastest.name(), fastest.vectorBits(), fastest.tile(), false, fastest.reason());
  }

  /** Returns the types of the layers' linear maps. */
  private static String weights(ModelFile file, Architecture sizes) throws ModelFormatException {
    Set<DType> types = EnumSet.noneOf(DType.class);
    for (String part : TensorNames.linearMaps(sizes).keySet()) {
      types.add(file.tensor(TensorNames.weight(part)).type());
    }
    return types.stream().map(DType::name).collect(Collectors.joining(", "));
  }

  private static Map<String, Object> tokenTable(TableFacts table) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", table.kind());
    facts.put("type", table.type());
    facts.put("bytes", table.bytes());
    facts.put("parameters", table.parameters());
    facts.put("share_cut", String.format(Locale.ROOT, "%.2f%%", 100 * table.cut()));
    return facts;
  }

  private static Object quantisation(ModelFile file) throws ModelFormatException {
    String stored = file.metadata().get(Quantizer.METADATA);
    return stored == null ? "none" : plain(Json.parse(file.source() + ": quantization", stored));
  }

  private static Object plain(Json json) throws ModelFormatException {
    if (json.isString()) {
      return json.asString();
    }
    if (!json.isObject()) {
      return json.isNumber() ? number(json) : (Object) json.asBoolean();
    }
    Map<String, Object> members = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : json.members().entrySet()) {
      members.put(member.getKey(), plain(member.getValue()));
    }
    return members;
  }

  private static Object number(Json json) throws ModelFormatException {
    double value = json.asDouble();
    return value == Math.rint(value) ? (Object) json.asLong() : (Object) value;
  }

  /** Returns name, type, shape and bytes of each tensor. */
  static List<Map<String, Object>> tensors(ModelFile file) {
    List<Map<String, Object>> tensors = new ArrayList<>();
    for (Tensor tensor : file.tensors().values()) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("name", tensor.name());
      facts.put("type", tensor.type().name());
      facts.put("shape", tensor.shape());
      facts.put("bytes", tensor.data().byteSize());
      tensors.add(facts);
    }
    return tensors;
  }

  private static Map<String, Object> architecture(Architecture sizes) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("family", sizes.family());
    facts.put("layers", sizes.layers());
    facts.put("hidden_size", sizes.hiddenSize());
    facts.put("attention_heads", sizes.attentionHeads());
    facts.put("intermediate_size", sizes.intermediateSize());
    facts.put("activation", Choice.name(sizes.activation()));
    facts.put("layer_norm_epsilon", sizes.layerNormEpsilon());
    facts.put("vocabulary_size", sizes.vocabularySize());
    facts.put("positions", sizes.positions());
    facts.put("token_types", sizes.tokenTypes());
    facts.put("layout", layout(sizes.layout()));
    facts.put("activations", activations(sizes));
    return facts;
  }

  private static Object activations(Architecture architecture) {
    Optional<Int8Activations> int8 = architecture.int8Activations();
    if (int8.isEmpty()) {
      return "fp32";
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("type", "int8");
    facts.put("group_size", int8.get().groupSize());
    facts.put("limit", int8.get().limit());
    return facts;
  }

  private static List<String> layout(Layout layout) {
    List<String> parts = new ArrayList<>();
    parts.add(
        switch (layout.position()) {
          case Position.Rotary unused -> "rotary positions";
          case Position.Learned unused -> "learned positions";
          case Position.Alibi unused -> "slopes by distance";
        });
    if (layout.attention().causal()) {
      parts.add("causal attention");
    }
    if (layout.attention().keyHeads() > 0) {
      parts.add("%d heads of keys".formatted(layout.attention().keyHeads()));
    }
    if (layout.attention().headNorms()) {
      parts.add("norms of queries and keys");
    }
    layout.relativeBias().ifPresent(bias -> parts.add("bias of attention by distance"));
    layout
        .localAttention()
        .ifPresent(
            local ->
                parts.add(
                    "attention to %d neighbours in the layers %s"
                        .formatted(local.window(), local.layers())));
    String norm = layout.normKind() == Layout.NormKind.LAYER_NORM ? "LayerNorm " : "RMSNorm ";
    parts.add(norm + Choice.name(layout.norm()) + " the blocks");
    parts.add(layout.gated() ? "gated feed-forward" : "plain feed-forward");
    return parts;
  }

  private static String step(HeadStep step) {
    return step instanceof HeadStep.Dense dense
        ? "dense to %d, %s".formatted(dense.outputs(), Choice.name(dense.activation()))
        : name(step);
  }

  private static long parameters(ModelFile file) {
    long parameters = 0;
    for (Tensor tensor : file.tensors().values()) {
      boolean number = tensor.type().isFloating() || tensor.type() == DType.I8;
      boolean scale =
          tensor.name().endsWith(TensorNames.scale(""))
              || tensor.name().endsWith(TensorNames.inputFactor(""));
      if (number && !scale && !tensor.name().startsWith(TOKENIZER_TENSORS)) {
        parameters += tensor.elements();
      }
    }
    return parameters;
  }

  private static Map<String, Object> byType(ModelFile file) {
    Map<DType, long[]> counts = new EnumMap<>(DType.class);
    for (Tensor tensor : file.tensors().values()) {
      long[] count = counts.computeIfAbsent(tensor.type(), key -> new long[2]);
      count[0]++;
      count[1] += tensor.data().byteSize();
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    counts.forEach(
        (type, count) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("tensors", count[0]);
          entry.put("bytes", count[1]);
          facts.put(type.name(), entry);
        });
    return facts;
  }

  private static Map<String, Object> tokenizer(TokenizerDescription rules, Architecture sizes) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", name(rules.model()));
    facts.put("vocabulary", sizes.vocabularySize());
    if (rules.model() instanceof TokenModel.WordPiece wordPiece) {
      String unit = wordPiece.unit() == TokenModel.LengthUnit.BYTES ? "bytes" : "characters";
      facts.put("longest_word", wordPiece.longestWord() + " " + unit);
    }
    facts.put("normalizers", rules.normalizers().stream().map(ModelSummary::name).toList());
    facts.put("splits", rules.splits().stream().map(ModelSummary::name).toList());
    facts.put("added_tokens", rules.addedTokens().size());
    return facts;
  }

  private static String name(Object part) {
    String name =
        switch (part) {
          case NormalizerStep.Form unused -> "unicode";
          case Enum<?> simple -> simple.name().replace("_", "");
          default -> part.getClass().getSimpleName();
        };
    return name.toLowerCase(Locale.ROOT);
  }
}
