package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.Attention;
import dev.kumiko.format.Layout.LinearMap;
import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * BERTs without a position table and with gated feed-forward blocks: NomicBERT (Nussbaum et al.,
 * arXiv 2402.01613), GTE (Zhang et al., arXiv 2407.19669) and Jina 2 (Guenther et al., arXiv
 * 2310.19923).
 *
 * @param kind what differs
 */
record RotaryBert(Kind kind) implements Family {
  /** Which of them. */
  enum Kind {
    NOMIC("nomic_bert", "a NomicBERT", "NomicBert", "silu", 1000, Set.of()),
    GTE(
        "gte",
        "a GTE",
        "Gte",
        "gelu",
        160_000,
        Set.of(
            LinearMap.ATTENTION_INPUT, LinearMap.ATTENTION_OUTPUT, LinearMap.FEED_FORWARD_OUTPUT)),
    JINA("jina_bert", "a Jina 2", "JinaBert", "gelu", 0, GTE.biased);

    private final String type;
    private final String title;
    private final String className;
    private final String activation;
    private final double theta;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<LinearMap> biased;

    Kind(
        String type,
        String title,
        String className,
        String activation,
        double theta,
        Set<LinearMap> biased) {
      this.type = type;
      this.title = title;
      this.className = className;
      this.activation = activation;
      this.theta = theta;
      this.biased = biased;
    }
  }

  @Override
  public String title() {
    return kind.title;
  }

  @Override
  public String className() {
    return kind.className;
  }

  @Override
  public String encoderName() {
    return "new";
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.ofEntries(
        Map.entry("num_hidden_layers", 12),
        Map.entry("hidden_size", 768),
        Map.entry("num_attention_heads", 12),
        Map.entry("intermediate_size", 3072),
        Map.entry("hidden_act", kind.activation),
        Map.entry("layer_norm_eps", 1e-12),
        Map.entry("vocab_size", kind == Kind.GTE ? 30528 : 30522),
        Map.entry("max_position_embeddings", kind == Kind.NOMIC ? 2048 : 8192),
        Map.entry("type_vocab_size", kind == Kind.GTE ? 1 : 2));
  }

  @Override
  public Map<String, String> aliases() {
    return kind == Kind.NOMIC
        ? Map.of(
            "n_embd", "hidden_size",
            "n_head", "num_attention_heads",
            "n_layer", "num_hidden_layers",
            "n_inner", "intermediate_size",
            "n_positions", "max_position_embeddings",
            "layer_norm_epsilon", "layer_norm_eps",
            "rotary_emb_base", "rope_theta")
        : Map.of();
  }

  @Override
  public Architecture architecture(Config config) throws IOException {
    refuseOthers(config);
    return new Architecture(
        kind.type,
        config.layers("num_hidden_layers"),
        config.size("hidden_size"),
        config.heads("num_attention_heads", "hidden_size"),
        config.size("intermediate_size"),
        config.activation("hidden_act"),
        config.epsilon("layer_norm_eps"),
        config.size("vocab_size"),
        config.size("max_position_embeddings"),
        config.json().get("type_vocab_size").asInt(),
        new Layout(
            kind == Kind.JINA
                ? new Position.Alibi()
                : new RotaryConfig(config).read(kind.theta, Optional.empty()),
            1,
            Optional.empty(),
            Optional.empty(),
            Attention.PLAIN,
            NormPlace.AFTER,
            NormKind.LAYER_NORM,
            true,
            true,
            kind.biased));
  }

  /** The same code can be other encoders, and none that was published is. */
  private void refuseOthers(Config config) throws IOException {
    switch (kind) {
      case NOMIC -> {
        config.refuseUnless("activation_function", "swiglu");
        config.refuseUnless("prenorm", "false");
        config.refuseUnless("use_rms_norm", "false");
        config.refuseUnless("rotary_emb_interleaved", "false");
        config.refuseUnless("rotary_emb_fraction", "1.0");
        config.refuseUnless("qkv_proj_bias", "false");
        config.refuseUnless("mlp_fc1_bias", "false");
        config.refuseUnless("mlp_fc2_bias", "false");
        config.refuseUnless("parallel_block", "false");
        if (config.find("rotary_scaling_factor").isPresent()) {
          throw config.json().get("rotary_scaling_factor").error("is stated; Kumiko supports none");
        }
      }
      case GTE -> {
        config.refuseUnless("position_embedding_type", "rope");
        config.refuseUnless("layer_norm_type", "layer_norm");
        config.refuseUnless("logn_attention_scale", "false");
      }
      case JINA -> {
        config.refuseUnless("feed_forward_type", "geglu");
      }
    }
  }

  @Override
  public Map<String, Object> config(Architecture architecture) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("hidden_size", architecture.hiddenSize());
    config.put("num_hidden_layers", architecture.layers());
    config.put("num_attention_heads", architecture.attentionHeads());
    config.put("intermediate_size", architecture.intermediateSize());
    config.put("hidden_act", Config.name(architecture.activation()));
    config.put("layer_norm_eps", architecture.layerNormEpsilon());
    config.put("vocab_size", architecture.vocabularySize());
    config.put("max_position_embeddings", architecture.positions());
    config.put("type_vocab_size", architecture.tokenTypes());
    if (architecture.layout().position() instanceof Position.Rotary rotary) {
      config.put("rope_parameters", RotaryConfig.members(rotary, false));
    }
    return config;
  }

  @Override
  public TensorSources sources(Architecture architecture) {
    TensorSources sources =
        new TensorSources()
            .tensor(TensorNames.TOKEN_EMBEDDINGS, "embeddings.word_embeddings.weight")
            .tensor(TensorNames.TOKEN_TYPE_EMBEDDINGS, "embeddings.token_type_embeddings.weight")
            .part(
                TensorNames.EMBEDDINGS_NORM,
                kind == Kind.NOMIC ? "emb_ln" : "embeddings.LayerNorm");
    for (int i = 0; i < architecture.layers(); i++) {
      switch (kind) {
        case NOMIC -> nomic(sources, i, "encoder.layers." + i);
        case GTE -> gte(sources, i, "encoder.layer." + i);
        case JINA -> jina(sources, i, "encoder.layer." + i);
      }
    }
    return sources;
  }

  private static void nomic(TensorSources sources, int i, String layer) {
    fused(sources, i, layer + ".attn.Wqkv")
        .part(TensorNames.attentionOutput(i), layer + ".attn.out_proj")
        .part(TensorNames.attentionNorm(i), layer + ".norm1")
        .part(TensorNames.feedForwardUp(i), layer + ".mlp.fc12")
        .part(TensorNames.feedForwardGate(i), layer + ".mlp.fc11")
        .part(TensorNames.feedForwardDown(i), layer + ".mlp.fc2")
        .part(TensorNames.feedForwardNorm(i), layer + ".norm2");
  }

  private static void gte(TensorSources sources, int i, String layer) {
    fused(sources, i, layer + ".attention.qkv_proj")
        .part(TensorNames.attentionOutput(i), layer + ".attention.o_proj")
        .part(TensorNames.attentionNorm(i), layer + ".attn_ln")
        .slice(TensorNames.feedForwardUp(i), layer + ".mlp.up_gate_proj", 1, 2)
        .slice(TensorNames.feedForwardGate(i), layer + ".mlp.up_gate_proj", 0, 2)
        .part(TensorNames.feedForwardDown(i), layer + ".mlp.down_proj")
        .part(TensorNames.feedForwardNorm(i), layer + ".mlp_ln");
  }

  private static void jina(TensorSources sources, int i, String layer) {
    sources
        .part(TensorNames.attentionQuery(i), layer + ".attention.self.query")
        .part(TensorNames.attentionKey(i), layer + ".attention.self.key")
        .part(TensorNames.attentionValue(i), layer + ".attention.self.value")
        .part(TensorNames.attentionOutput(i), layer + ".attention.output.dense")
        .part(TensorNames.attentionNorm(i), layer + ".attention.output.LayerNorm")
        .slice(TensorNames.feedForwardUp(i), layer + ".mlp.gated_layers", 0, 2)
        .slice(TensorNames.feedForwardGate(i), layer + ".mlp.gated_layers", 1, 2)
        .part(TensorNames.feedForwardDown(i), layer + ".mlp.wo")
        .part(TensorNames.feedForwardNorm(i), layer + ".mlp.layernorm");
  }

  private static TensorSources fused(TensorSources sources, int i, String name) {
    return sources
        .slice(TensorNames.attentionQuery(i), name, 0, 3)
        .slice(TensorNames.attentionKey(i), name, 1, 3)
        .slice(TensorNames.attentionValue(i), name, 2, 3);
  }

  @Override
  public ClassifierHead classifierHead(Config config, int labels) throws IOException {
    throw new ConversionException(
        "%s: %s for sequence classification is not supported; Kumiko converts its encoder, with a modules.json or --pooling."
            .formatted(config.json().source(), kind.title));
  }

  @Override
  public Map<String, Object> classifierConfig(Head head) {
    throw new UnsupportedOperationException(kind.type);
  }
}
