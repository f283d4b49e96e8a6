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
    json.put("linear_bias", biased(layout));
    json.put("norm_bias", layout.normBias());
    if (layout.normKind() != Layout.NormKind.LAYER_NORM) {
      json.put("norm_kind", MetadataKeys.code(layout.normKind()));
    }
    if (!layout.attention().equals(Layout.Attention.PLAIN)) {
      json.put("attention", attention(layout.attention()));
    }
    if (layout.embeddingFactor() != 1) {
      json.put("embedding_factor", layout.embeddingFactor());
    }
    return json;
  }

  private static Object biased(Layout layout) {
    return layout.linearBias() || layout.biased().isEmpty()
        ? layout.linearBias()
        : layout.biased().stream().sorted().map(MetadataKeys::code).toList();
  }

  private static Map<String, Object> attention(Layout.Attention attention) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key_heads", attention.keyHeads());
    json.put("head_size", attention.headSize());
    json.put("causal", attention.causal());
    json.put("head_norms", attention.headNorms());
    attention.scale().ifPresent(scale -> json.put("scale", scale));
    attention.cap().ifPresent(cap -> json.put("cap", cap));
    return json;
  }

  private static Map<String, Object> scaling(Position.Scaling scaling) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (scaling) {
      case Position.Scaling.Linear linear -> {
        json.put("type", "linear");
        json.put("factor", linear.factor());
      }
      case Position.Scaling.Llama3 llama -> {
        json.put("type", "llama3");
        json.put("factor", llama.factor());
        json.put("low", llama.low());
        json.put("high", llama.high());
        json.put("length", llama.length());
      }
    }
    return json;
  }

  private static void putScaling(Map<String, Object> json, String name, Position.Scaling scaling) {
    if (!scaling.equals(Position.Scaling.NONE)) {
      json.put(name, scaling(scaling));
    }
  }

  private static Map<String, Object> position(Position position) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (position) {
      case Position.Rotary rotary -> {
        json.put("type", "rotary");
        json.put("theta", rotary.theta());
        putScaling(json, "scaling", rotary.scaling());
        json.put("local_theta", rotary.localTheta());
        putScaling(json, "local_scaling", rotary.localScaling());
      }
      case Position.Learned learned -> {
        json.put("type", "learned");
        json.put(
            "padding_id", learned.paddingId().isPresent() ? learned.paddingId().getAsInt() : null);
      }
      case Position.Alibi unused -> json.put("type", "alibi");
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
