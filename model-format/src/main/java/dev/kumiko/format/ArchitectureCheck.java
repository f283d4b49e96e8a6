package dev.kumiko.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold within an encoder's description. */
final class ArchitectureCheck {
  /** More than any model's heads have, so that a damaged number is noticed. */
  private static final int LONGEST_HEAD = 1 << 14;

  private ArchitectureCheck() {}

  /** Returns the first thing that is wrong, for people; empty if nothing is. */
  static Optional<String> problem(Architecture architecture) {
    return sizes(architecture)
        .or(() -> attention(architecture))
        .or(() -> position(architecture))
        .or(() -> relativeBias(architecture.layout()))
        .or(() -> localAttention(architecture))
        .or(() -> architecture.int8Activations().flatMap(ArchitectureCheck::int8Activations))
        .map(problem -> MetadataKeys.ARCHITECTURE + ": " + problem);
  }

  private static Optional<String> sizes(Architecture architecture) {
    if (architecture.family().isBlank()) {
      return Optional.of("family is empty");
    }
    Map<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("layers", architecture.layers());
    sizes.put("hidden_size", architecture.hiddenSize());
    sizes.put("attention_heads", architecture.attentionHeads());
    sizes.put("intermediate_size", architecture.intermediateSize());
    sizes.put("vocabulary_size", architecture.vocabularySize());
    sizes.put("positions", architecture.positions());
    for (Map.Entry<String, Integer> size : sizes.entrySet()) {
      if (size.getValue() < 1) {
        return wrong(size.getKey(), size.getValue(), "must be at least 1");
      }
    }
    if (architecture.tokenTypes() < 0) {
      return wrong("token_types", architecture.tokenTypes(), "must not be negative");
    }
    int layers = architecture.layers();
    if (layers > Architecture.MAX_LAYERS) {
      return Optional.of("layers is " + layers + ", more than " + Architecture.MAX_LAYERS);
    }
    if (architecture.layout().attention().headSize() == 0
        && architecture.hiddenSize() % architecture.attentionHeads() != 0) {
      return Optional.of(
          "attention_heads is "
              + architecture.attentionHeads()
              + ", which does not divide hidden_size "
              + architecture.hiddenSize());
    }
    double epsilon = architecture.layerNormEpsilon();
    return epsilon > 0 && epsilon < 1
        ? Optional.empty()
        : wrong("layer_norm_eps", epsilon, "must be between 0 and 1");
  }

  private static Optional<String> position(Architecture architecture) {
    if (architecture.layout().position() instanceof Position.Learned learned
        && learned.paddingId().isPresent()) {
      int id = learned.paddingId().getAsInt();
      return id >= 0 && id < architecture.vocabularySize() && id + 1 < architecture.positions()
          ? Optional.empty()
          : wrong(
              "layout.position.padding_id",
              id,
              "must be an id, and less than the number of positions less one, "
                  + (architecture.positions() - 1));
    }
    if (!(architecture.layout().position() instanceof Position.Learned)
        && architecture.positions() > Architecture.MAX_POSITIONS_WITHOUT_TABLE) {
      return wrong(
          "positions",
          architecture.positions(),
          "those without a table are at most " + Architecture.MAX_POSITIONS_WITHOUT_TABLE);
    }
    if (architecture.layout().position() instanceof Position.Alibi
        && architecture.layout().relativeBias().isPresent()) {
      return Optional.of("layout.relative_bias stands beside the slopes of layout.position");
    }
    if (architecture.layout().position() instanceof Position.Rotary rotary) {
      if (!(rotary.theta() > 1) || !(rotary.localTheta() > 1)) {
        double theta = Math.min(rotary.theta(), rotary.localTheta());
        return wrong("layout.position.theta", theta, "must be more than 1");
      }
      if (architecture.headSize() % 2 != 0) {
        return Optional.of(
            "rotary positions need heads of even length, but hidden_size "
                + architecture.hiddenSize()
                + " / attention_heads "
                + architecture.attentionHeads()
                + " is "
                + architecture.headSize());
      }
      return scaling("layout.position.scaling", rotary.scaling())
          .or(() -> scaling("layout.position.local_scaling", rotary.localScaling()));
    }
    return Optional.empty();
  }

  private static Optional<String> scaling(String name, Position.Scaling scaling) {
    return switch (scaling) {
      case Position.Scaling.Linear linear -> positive(name + ".factor", linear.factor());
      case Position.Scaling.Llama3 llama ->
          positive(name + ".factor", llama.factor())
              .or(() -> positive(name + ".low", llama.low()))
              .or(() -> positive(name + ".high", llama.high()))
              .or(() -> positive(name + ".length", llama.length()))
              .or(
                  () ->
                      llama.high() > llama.low()
                          ? Optional.empty()
                          : wrong(name + ".high", llama.high(), "must be more than low"));
    };
  }

  private static Optional<String> positive(String name, double value) {
    return value > 0 && value < Float.MAX_VALUE
        ? Optional.empty()
        : wrong(name, value, "must be a positive number");
  }

  private static Optional<String> attention(Architecture architecture) {
    Layout.Attention attention = architecture.layout().attention();
    double factor = architecture.layout().embeddingFactor();
    int heads = architecture.attentionHeads();
    int keyHeads = attention.keyHeads();
    if (keyHeads < 0 || (keyHeads > 0 && heads % keyHeads != 0)) {
      return wrong("layout.attention.key_heads", keyHeads, "must divide attention_heads, " + heads);
    }
    if (attention.headSize() < 0 || attention.headSize() > LONGEST_HEAD) {
      return wrong(
          "layout.attention.head_size", attention.headSize(), "must be from 1 to " + LONGEST_HEAD);
    }
    return positive("layout.embedding_factor", factor)
        .or(() -> positive("layout.attention.scale", attention.scale().orElse(1)))
        .or(() -> positive("layout.attention.cap", attention.cap().orElse(1)));
  }

  private static Optional<String> relativeBias(Layout layout) {
    if (layout.relativeBias().isEmpty()) {
      return Optional.empty();
    }
    Layout.RelativeBias bias = layout.relativeBias().get();
    if (bias.buckets() < 4 || bias.buckets() % 2 != 0) {
      return wrong("layout.relative_bias.buckets", bias.buckets(), "must be even and at least 4");
    }
    return bias.maxDistance() > bias.buckets() / 4
        ? Optional.empty()
        : wrong(
            "layout.relative_bias.max_distance",
            bias.maxDistance(),
            "must be more than a quarter of the buckets, " + bias.buckets() / 4);
  }

  private static Optional<String> localAttention(Architecture architecture) {
    if (architecture.layout().localAttention().isEmpty()) {
      return Optional.empty();
    }
    Layout.LocalAttention local = architecture.layout().localAttention().get();
    if (local.window() < 1) {
      return wrong("layout.local_attention.window", local.window(), "must be at least 1");
    }
    List<Integer> layers = local.layers();
    for (int i = 0; i < layers.size(); i++) {
      int least = i == 0 ? 0 : layers.get(i - 1) + 1;
      if (layers.get(i) < least || layers.get(i) >= architecture.layers()) {
        return wrong(
            "layout.local_attention.layers[" + i + "]",
            layers.get(i),
            "must be from " + least + " to " + (architecture.layers() - 1));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> int8Activations(Int8Activations activations) {
    return inRange("int8_activations.group_size", activations.groupSize(), Short.MAX_VALUE)
        .or(() -> inRange("int8_activations.limit", activations.limit(), Byte.MAX_VALUE));
  }

  private static Optional<String> inRange(String name, int value, int most) {
    return value >= 1 && value <= most
        ? Optional.empty()
        : wrong(name, value, "must be from 1 to " + most);
  }

  private static Optional<String> wrong(String name, Object value, String rule) {
    return Optional.of(name + " is " + value + ", but " + rule);
  }
}
