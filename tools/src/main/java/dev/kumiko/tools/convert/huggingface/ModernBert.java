package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Json;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.LocalAttention;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code ModernBertModel} (Warner et al., arXiv 2412.13663): rotary positions, gated feed-forward
 * blocks, LayerNorm before the blocks, local attention in most layers.
 */
final class ModernBert implements Family {
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          Map.entry("num_hidden_layers", 22),
          Map.entry("hidden_size", 768),
          Map.entry("num_attention_heads", 12),
          Map.entry("intermediate_size", 1152),
          Map.entry("hidden_activation", "gelu"),
          Map.entry("norm_eps", 1e-5),
          Map.entry("vocab_size", 50368),
          Map.entry("max_position_embeddings", 8192),
          Map.entry("local_attention", 128),
          Map.entry("global_attn_every_n_layers", 3),
          Map.entry("classifier_pooling", "cls"));

  @Override
  public String title() {
    return "a ModernBERT";
  }

  @Override
  public String className() {
    return "ModernBert";
  }

  @Override
  public String encoderName() {
    return "model";
  }

  @Override
  public Map<String, Object> defaults() {
    return DEFAULTS;
  }

  @Override
  public Map<String, String> aliases() {
    return Map.of();
  }

  @Override
  public Architecture architecture(Config config) throws IOException {
    boolean linearBias = config.flag("attention_bias", false);
    config.refuseUnless("mlp_bias", Boolean.toString(linearBias));
    int layers = config.layers("num_hidden_layers");
    return new Architecture(
        "modernbert",
        layers,
        config.size("hidden_size"),
        config.heads("num_attention_heads", "hidden_size"),
        config.size("intermediate_size"),
        config.activation("hidden_activation"),
        config.epsilon("norm_eps"),
        config.size("vocab_size"),
        config.size("max_position_embeddings"),
        0,
        new Layout(
            new Position.Rotary(
                theta(config, LayerTypes.GLOBAL, "global_rope_theta", 160_000),
                theta(config, LayerTypes.LOCAL, "local_rope_theta", 10_000)),
            Optional.empty(),
            Optional.of(new LocalAttention(window(config), localLayers(config, layers))),
            NormPlace.BEFORE,
            true,
            linearBias,
            config.flag("norm_bias", false)));
  }

  /** Half of what is stated: it counts both directions. */
  private static int window(Config config) throws IOException {
    int both = config.size("local_attention");
    if (both < 2) {
      throw config.json().get("local_attention").error("is 1, expected at least 2");
    }
    return both / 2;
  }

  private static double theta(Config config, String kind, String older, double absent)
      throws IOException {
    if (config.find("rope_scaling").isPresent()) {
      throw config.json().get("rope_scaling").error("is stated; Kumiko supports none");
    }
    Optional<Json> all = config.find("rope_parameters");
    if (all.isPresent()) {
      Config parameters = new Config(all.get().get(kind));
      parameters.refuseUnless("rope_type", "default");
      return parameters.json().get("rope_theta").asDouble();
    }
    Optional<Json> theta = config.find(older);
    return theta.isPresent() ? theta.get().asDouble() : absent;
  }

  private static List<Integer> localLayers(Config config, int layers) throws IOException {
    List<Integer> local = new ArrayList<>();
    Optional<Json> types = config.find("layer_types");
    if (types.isEmpty()) {
      int every = config.size("global_attn_every_n_layers");
      for (int i = 0; i < layers; i++) {
        if (i % every != 0) {
          local.add(i);
        }
      }
      return local;
    }
    return LayerTypes.local(types.get(), layers);
  }

  @Override
  public Map<String, Object> config(Architecture architecture) {
    Layout layout = architecture.layout();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("hidden_size", architecture.hiddenSize());
    config.put("num_hidden_layers", architecture.layers());
    config.put("num_attention_heads", architecture.attentionHeads());
    config.put("intermediate_size", architecture.intermediateSize());
    config.put("hidden_activation", Config.name(architecture.activation()));
    config.put("norm_eps", architecture.layerNormEpsilon());
    config.put("vocab_size", architecture.vocabularySize());
    config.put("max_position_embeddings", architecture.positions());
    config.put("attention_bias", layout.linearBias());
    config.put("mlp_bias", layout.linearBias());
    config.put("norm_bias", layout.normBias());
    if (layout.position() instanceof Position.Rotary rotary) {
      config.put(
          "rope_parameters",
          Map.of(
              LayerTypes.GLOBAL, Map.of("rope_type", "default", "rope_theta", rotary.theta()),
              LayerTypes.LOCAL, Map.of("rope_type", "default", "rope_theta", rotary.localTheta())));
      config.put("global_rope_theta", rotary.theta());
      config.put("local_rope_theta", rotary.localTheta());
    }
    if (layout.localAttention().isPresent()) {
      putAttention(config, layout.localAttention().get(), architecture.layers());
    }
    return config;
  }

  /** Older versions of transformers read only which layers at equal distances are global. */
  private static void putAttention(Map<String, Object> config, LocalAttention local, int layers) {
    List<String> types = new ArrayList<>();
    int every = layers;
    for (int i = 0; i < layers; i++) {
      boolean isLocal = local.layers().contains(i);
      types.add(isLocal ? LayerTypes.LOCAL : LayerTypes.GLOBAL);
      every = !isLocal && i > 0 ? Math.min(every, i) : every;
    }
    config.put("local_attention", 2 * local.window());
    config.put("layer_types", types);
    config.put("global_attn_every_n_layers", every);
  }

  @Override
  public Map<String, Object> classifierConfig(Head head) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("classifier_pooling", head.pooling().getFirst() == Pooling.MEAN ? "mean" : "cls");
    config.put("classifier_activation", "gelu");
    if (head.steps().getFirst() instanceof HeadStep.Dense dense) {
      config.put("classifier_bias", dense.bias());
    }
    return config;
  }

  @Override
  public TensorSources sources(Architecture architecture) {
    TensorSources sources =
        new TensorSources()
            .tensor(TensorNames.TOKEN_EMBEDDINGS, "embeddings.tok_embeddings.weight")
            .part(TensorNames.EMBEDDINGS_NORM, "embeddings.norm")
            .part(TensorNames.FINAL_NORM, "final_norm");
    for (int i = 0; i < architecture.layers(); i++) {
      String layer = "layers." + i;
      sources
          .part(TensorNames.attentionNorm(i), layer + ".attn_norm")
          .slice(TensorNames.attentionQuery(i), layer + ".attn.Wqkv", 0, 3)
          .slice(TensorNames.attentionKey(i), layer + ".attn.Wqkv", 1, 3)
          .slice(TensorNames.attentionValue(i), layer + ".attn.Wqkv", 2, 3)
          .part(TensorNames.attentionOutput(i), layer + ".attn.Wo")
          .part(TensorNames.feedForwardNorm(i), layer + ".mlp_norm")
          .slice(TensorNames.feedForwardUp(i), layer + ".mlp.Wi", 0, 2)
          .slice(TensorNames.feedForwardGate(i), layer + ".mlp.Wi", 1, 2)
          .part(TensorNames.feedForwardDown(i), layer + ".mlp.Wo");
    }
    return sources;
  }

  @Override
  public ClassifierHead classifierHead(Config config, int labels) throws IOException {
    config.refuseUnless("classifier_activation", "gelu");
    boolean bias = config.flag("classifier_bias", false);
    Json pooling = config.json().get("classifier_pooling");
    Pooling pooled =
        switch (pooling.asString()) {
          case "cls" -> Pooling.CLS;
          case "mean" -> Pooling.MEAN;
          default -> throw pooling.error("is %s; Kumiko supports cls, mean".formatted(pooling));
        };
    return new ClassifierHead(pooled)
        .dense("head.dense", config.size("hidden_size"), bias, HeadActivation.GELU)
        .norm("head.norm", config.epsilon("norm_eps"), config.flag("norm_bias", false))
        .dense("classifier", labels, HeadActivation.IDENTITY);
  }
}
