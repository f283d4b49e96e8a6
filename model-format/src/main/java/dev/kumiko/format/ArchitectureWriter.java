package dev.kumiko.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns what {@link ArchitectureReader} and {@link HeadReader} read into maps and lists. */
final class ArchitectureWriter {
  private ArchitectureWriter() {}

  static Map<String, Object> json(Architecture architecture) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("family", architecture.family());
    json.put("layers", architecture.layers());
    json.put("hidden_size", architecture.hiddenSize());
    json.put("attention_heads", architecture.attentionHeads());
    json.put("intermediate_size", architecture.intermediateSize());
    json.put("activation", MetadataKeys.code(architecture.activation()));
    json.put("layer_norm_eps", architecture.layerNormEpsilon());
    json.put("vocabulary_size", architecture.vocabularySize());
    json.put("positions", architecture.positions());
    json.put("token_types", architecture.tokenTypes());
    json.put("layout", layout(architecture.layout()));
    architecture.int8Activations().ifPresent(it -> json.put("int8_activations", int8(it)));
    return json;
  }

  private static Map<String, Object> int8(Int8Activations activations) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("group_size", activations.groupSize());
    json.put("limit", activations.limit());
    return json;
  }

  private static Map<String, Object> layout(Layout layout) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("position", position(layout.position()));
    json.put("relative_bias", layout.relativeBias().map(ArchitectureWriter::bias).orElse(null));
    json.put(
        "local_attention", layout.localAttention().map(ArchitectureWriter::local).orElse(null));
    json.put("norm", MetadataKeys.code(layout.norm()));
    json.put("gated", layout.gated());
    json.put("linear_bias", layout.linearBias());
    json.put("norm_bias", layout.normBias());
    return json;
  }

  private static Map<String, Object> position(Position position) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (position instanceof Position.Rotary rotary) {
      json.put("type", "rotary");
      json.put("theta", rotary.theta());
      json.put("local_theta", rotary.localTheta());
    } else if (position instanceof Position.Learned learned) {
      json.put("type", "learned");
      json.put(
          "padding_id", learned.paddingId().isPresent() ? learned.paddingId().getAsInt() : null);
    }
    return json;
  }

  private static Map<String, Object> bias(Layout.RelativeBias bias) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("buckets", bias.buckets());
    json.put("max_distance", bias.maxDistance());
    return json;
  }

  private static Map<String, Object> local(Layout.LocalAttention local) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("window", local.window());
    json.put("layers", local.layers());
    return json;
  }

  static Map<String, Object> json(Classifier classifier) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("labels", classifier.labels());
    json.put("function", MetadataKeys.code(classifier.function()));
    return json;
  }

  static List<Map<String, Object>> json(List<HeadStep> steps) {
    return steps.stream().map(ArchitectureWriter::step).toList();
  }

  private static Map<String, Object> step(HeadStep step) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (step instanceof HeadStep.Dense dense) {
      json.put("type", "dense");
      json.put("outputs", dense.outputs());
      json.put("bias", dense.bias());
      json.put("activation", MetadataKeys.code(dense.activation()));
    } else if (step instanceof HeadStep.Norm norm) {
      json.put("type", "norm");
      json.put("eps", norm.epsilon());
      json.put("bias", norm.bias());
    } else if (step instanceof HeadStep.Normalize) {
      json.put("type", "normalize");
    }
    return json;
  }
}
