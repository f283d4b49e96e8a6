package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.Json;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.Attention;
import dev.kumiko.format.Layout.LinearMap;
import dev.kumiko.format.Layout.LocalAttention;
import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.Rounding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The block of Llama and its relatives (Touvron et al., arXiv 2307.09288): RMSNorm before the
 * blocks, rotary positions, grouped heads, gated feed-forward; the kinds differ in parts.
 *
 * @param kind what differs
 */
record Decoder(DecoderKind kind) implements Family {
  @Override
  public String title() {
    return kind.title();
  }

  @Override
  public String className() {
    return kind.className();
  }

  @Override
  public String encoderName() {
    return "model";
  }

  @Override
  public boolean mayBeCausal() {
    return kind != DecoderKind.EUROBERT;
  }

  @Override
  public Map<String, Object> defaults() {
    return kind.defaults();
  }

  @Override
  public Map<String, String> aliases() {
    return Map.of();
  }

  @Override
  public Architecture architecture(Config config) throws IOException {
    int hidden = config.size("hidden_size");
    int layers = config.layers("num_hidden_layers");
    boolean causal = isCausal(config);
    List<Integer> local = localLayers(config, layers);
    Optional<LocalAttention> window =
        local.isEmpty()
            ? Optional.empty()
            : Optional.of(new LocalAttention(window(config, causal), local));
    return new Architecture(
        kind.type(),
        layers,
        hidden,
        config.size("num_attention_heads"),
        config.size("intermediate_size"),
        config.activation(kind.isGemma() ? "hidden_activation" : "hidden_act"),
        config.epsilon("rms_norm_eps"),
        config.size("vocab_size"),
        config.size("max_position_embeddings"),
        0,
        new Layout(
            new RotaryConfig(config)
                .read(
                    kind == DecoderKind.GEMMA3 ? 1_000_000 : kind.theta(),
                    kind == DecoderKind.GEMMA3 ? Optional.of(10_000.0) : Optional.empty()),
            kind.isGemma() ? embeddingFactor(config, hidden) : 1,
            Optional.empty(),
            window,
            attention(config, causal),
            kind.isGemma() ? NormPlace.AROUND : NormPlace.BEFORE_EACH,
            kind.isGemma() ? NormKind.RMS_NORM_FROM_ONE : NormKind.RMS_NORM,
            false,
            true,
            biased(config)));
  }

  private boolean isCausal(Config config) throws IOException {
    if (kind == DecoderKind.EUROBERT) {
      return false;
    }
    if (kind.isGemma()) {
      boolean causal = !config.flag("use_bidirectional_attention", false);
      config.refuseUnless("is_causal", Boolean.toString(causal));
      return causal;
    }
    return config.flag("is_causal", true);
  }

  private Attention attention(Config config, boolean causal) throws IOException {
    int heads = config.size("num_attention_heads");
    int keyHeads =
        config.find("num_key_value_heads").isPresent() ? config.size("num_key_value_heads") : heads;
    if (heads % keyHeads != 0) {
      throw config
          .json()
          .get("num_key_value_heads")
          .error("is %d, which does not divide num_attention_heads %d".formatted(keyHeads, heads));
    }
    int size =
        config.find("head_dim").isPresent()
            ? config.size("head_dim")
            : config.size("hidden_size") / config.heads("num_attention_heads", "hidden_size");
    OptionalDouble scale = OptionalDouble.empty();
    if (kind.isGemma()) {
      double scalar = positive(config.json().get("query_pre_attn_scalar"));
      scale = OptionalDouble.of(1 / Math.sqrt(scalar));
    }
    Optional<Json> cap = kind.isGemma() ? config.find("attn_logit_softcapping") : Optional.empty();
    return new Attention(
        keyHeads,
        size,
        causal,
        kind.hasHeadNorms(),
        scale,
        cap.isPresent() ? OptionalDouble.of(positive(cap.get())) : OptionalDouble.empty());
  }

  private static double positive(Json number) throws IOException {
    if (!(number.asDouble() > 0)) {
      throw number.error("is %s, expected a positive number".formatted(number));
    }
    return number.asDouble();
  }

  /** The root of the hidden size, rounded to the type of the weights as transformers does. */
  private static double embeddingFactor(Config config, int hidden) throws IOException {
    Optional<Json> type = config.find("dtype");
    if (type.isEmpty()) {
      type = config.find("torch_dtype");
    }
    float root = (float) Math.sqrt(hidden);
    return switch (type.isPresent() ? type.get().asString() : "float32") {
      case "float32" -> root;
      case "bfloat16" -> Rounding.fromBf16(Rounding.toBf16(root));
      case "float16" -> Float.float16ToFloat(Float.floatToFloat16(root));
      default ->
          throw type.get()
              .error("is %s; Kumiko supports float32, bfloat16, float16".formatted(type.get()));
    };
  }

  private Set<LinearMap> biased(Config config) throws IOException {
    Set<LinearMap> biased = EnumSet.noneOf(LinearMap.class);
    if (kind == DecoderKind.QWEN2) {
      biased.add(LinearMap.ATTENTION_INPUT);
    } else if (config.flag("attention_bias", false)) {
      biased.add(LinearMap.ATTENTION_INPUT);
      biased.add(LinearMap.ATTENTION_OUTPUT);
    }
    if (config.flag("mlp_bias", false)) {
      biased.add(LinearMap.FEED_FORWARD_INPUT);
      biased.add(LinearMap.FEED_FORWARD_OUTPUT);
    }
    return biased;
  }

  private List<Integer> localLayers(Config config, int layers) throws IOException {
    Optional<Json> types = config.find("layer_types");
    if (types.isPresent()) {
      return LayerTypes.local(types.get(), layers);
    }
    List<Integer> local = new ArrayList<>();
    if (config.find("sliding_window").isEmpty()) {
      return local;
    }
    for (int i = 0; i < layers; i++) {
      boolean isLocal =
          switch (kind) {
            case MISTRAL, PHI3 -> true;
            case QWEN2, QWEN3 ->
                config.flag("use_sliding_window", false) && i >= config.size("max_window_layers");
            case GEMMA2 -> i % 2 == 0;
            case GEMMA3 -> (i + 1) % pattern(config) != 0;
            case LLAMA, EUROBERT -> false;
          };
      if (isLocal) {
        local.add(i);
      }
    }
    return local;
  }

  private static int pattern(Config config) throws IOException {
    return config.size(
        config.find("_sliding_window_pattern").isPresent()
            ? "_sliding_window_pattern"
            : "sliding_window_pattern");
  }

  /** How far a token may be seen: a causal window counts the token itself. */
  private int window(Config config, boolean causal) throws IOException {
    Optional<Json> stated = config.find("sliding_window");
    if (stated.isEmpty()) {
      throw config
          .json()
          .get("layer_types")
          .error("names sliding_attention, but sliding_window is not stated");
    }
    int window = config.size("sliding_window");
    if (window < 2) {
      throw stated.get().error("is %d, expected at least 2".formatted(window));
    }
    if (causal) {
      return window - 1;
    }
    if (kind == DecoderKind.GEMMA3 && window % 2 != 0) {
      throw stated
          .get()
          .error(
              ("is %d beside use_bidirectional_attention: versions of transformers before August"
                      + " 2026 halved it each time they saved the model. Take sliding_window from"
                      + " the published config.json (EmbeddingGemma: 512)")
                  .formatted(window));
    }
    return kind == DecoderKind.GEMMA3 ? window / 2 : window;
  }

  @Override
  public Map<String, Object> config(Architecture architecture) {
    return new DecoderMembers(kind, architecture).all();
  }

  @Override
  public TensorSources sources(Architecture architecture) {
    TensorSources sources =
        new TensorSources()
            .tensor(TensorNames.TOKEN_EMBEDDINGS, "embed_tokens.weight")
            .part(TensorNames.FINAL_NORM, "norm");
    for (int i = 0; i < architecture.layers(); i++) {
      String layer = "layers." + i;
      attention(sources, architecture, i, layer + ".self_attn.");
      feedForward(sources, i, layer + ".mlp.");
      sources.part(TensorNames.attentionNorm(i), layer + ".input_layernorm");
      if (kind.isGemma()) {
        sources
            .part(TensorNames.attentionOutputNorm(i), layer + ".post_attention_layernorm")
            .part(TensorNames.feedForwardNorm(i), layer + ".pre_feedforward_layernorm")
            .part(TensorNames.feedForwardOutputNorm(i), layer + ".post_feedforward_layernorm");
      } else {
        sources.part(TensorNames.feedForwardNorm(i), layer + ".post_attention_layernorm");
      }
    }
    return sources;
  }

  private void attention(TensorSources sources, Architecture a, int layer, String prefix) {
    if (kind == DecoderKind.PHI3) {
      int heads = a.attentionHeads();
      int keys = a.keyHeads();
      int all = heads + 2 * keys;
      String fused = prefix + "qkv_proj";
      sources
          .slices(TensorNames.attentionQuery(layer), fused, 0, heads, all)
          .slices(TensorNames.attentionKey(layer), fused, heads, keys, all)
          .slices(TensorNames.attentionValue(layer), fused, heads + keys, keys, all);
    } else {
      sources
          .part(TensorNames.attentionQuery(layer), prefix + "q_proj")
          .part(TensorNames.attentionKey(layer), prefix + "k_proj")
          .part(TensorNames.attentionValue(layer), prefix + "v_proj");
    }
    sources
        .part(TensorNames.attentionQueryNorm(layer), prefix + "q_norm")
        .part(TensorNames.attentionKeyNorm(layer), prefix + "k_norm")
        .part(TensorNames.attentionOutput(layer), prefix + "o_proj");
  }

  /** The map that is activated is their gate. */
  private void feedForward(TensorSources sources, int layer, String prefix) {
    if (kind == DecoderKind.PHI3) {
      sources
          .slice(TensorNames.feedForwardUp(layer), prefix + "gate_up_proj", 0, 2)
          .slice(TensorNames.feedForwardGate(layer), prefix + "gate_up_proj", 1, 2);
    } else {
      sources
          .part(TensorNames.feedForwardUp(layer), prefix + "gate_proj")
          .part(TensorNames.feedForwardGate(layer), prefix + "up_proj");
    }
    sources.part(TensorNames.feedForwardDown(layer), prefix + "down_proj");
  }

  @Override
  public ClassifierHead classifierHead(Config config, int labels) throws IOException {
    throw new ConversionException(
        "%s: %s for sequence classification is not supported; Kumiko converts its encoder, with a modules.json or --pooling."
            .formatted(config.json().source(), kind.title()));
  }

  @Override
  public Map<String, Object> classifierConfig(Head head) {
    throw new UnsupportedOperationException(kind.type());
  }
}
