package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.LinearMap;
import dev.kumiko.format.Layout.LocalAttention;
import dev.kumiko.format.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The members of a {@code config.json} from which a {@link Decoder} reads sizes and choices. */
record DecoderMembers(DecoderKind kind, Architecture architecture) {
  Map<String, Object> all() {
    Layout layout = architecture.layout();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("hidden_size", architecture.hiddenSize());
    config.put("num_hidden_layers", architecture.layers());
    config.put("num_attention_heads", architecture.attentionHeads());
    config.put("num_key_value_heads", architecture.keyHeads());
    config.put("head_dim", architecture.headSize());
    config.put("intermediate_size", architecture.intermediateSize());
    config.put(
        kind.isGemma() ? "hidden_activation" : "hidden_act",
        Config.name(architecture.activation()));
    config.put("rms_norm_eps", architecture.layerNormEpsilon());
    config.put("vocab_size", architecture.vocabularySize());
    config.put("max_position_embeddings", architecture.positions());
    if (layout.position() instanceof Position.Rotary rotary) {
      config.put("rope_parameters", RotaryConfig.members(rotary, kind == DecoderKind.GEMMA3));
    }
    putBiases(config, layout);
    putAttention(config, layout);
    putWindow(config, layout);
    return config;
  }

  private void putBiases(Map<String, Object> config, Layout layout) {
    if (kind != DecoderKind.QWEN2) {
      config.put("attention_bias", layout.biased().contains(LinearMap.ATTENTION_OUTPUT));
    }
    config.put("mlp_bias", layout.biased().contains(LinearMap.FEED_FORWARD_OUTPUT));
  }

  private void putAttention(Map<String, Object> config, Layout layout) {
    boolean causal = layout.attention().causal();
    if (!kind.isGemma()) {
      if (kind != DecoderKind.EUROBERT && !causal) {
        config.put("is_causal", false);
      }
      return;
    }
    config.put("use_bidirectional_attention", !causal);
    OptionalDouble scale = layout.attention().scale();
    scale.ifPresent(
        value -> config.put("query_pre_attn_scalar", (int) Math.rint(1 / value / value)));
    OptionalDouble cap = layout.attention().cap();
    config.put("attn_logit_softcapping", cap.isPresent() ? cap.getAsDouble() : null);
    if (cap.isPresent()) {
      // The attention that transformers takes by default leaves the cap out.
      config.put("attn_implementation", "eager");
    }
  }

  private void putWindow(Map<String, Object> config, Layout layout) {
    if (kind == DecoderKind.LLAMA || kind == DecoderKind.EUROBERT) {
      return;
    }
    List<Integer> local = layout.localAttention().map(LocalAttention::layers).orElse(List.of());
    if (!local.isEmpty() || !kind.isGemma()) {
      config.put("sliding_window", local.isEmpty() ? null : window(layout.localAttention().get()));
    }
    if (kind == DecoderKind.MISTRAL || kind == DecoderKind.PHI3) {
      return;
    }
    if (!kind.isGemma()) {
      config.put("use_sliding_window", !local.isEmpty());
    }
    List<String> types = new ArrayList<>();
    for (int i = 0; i < architecture.layers(); i++) {
      types.add(local.contains(i) ? LayerTypes.LOCAL : LayerTypes.GLOBAL);
    }
    config.put("layer_types", types);
  }

  /** A causal window counts the token itself, and that of Gemma 3 both directions. */
  private int window(LocalAttention local) {
    if (architecture.layout().attention().causal()) {
      return local.window() + 1;
    }
    return kind == DecoderKind.GEMMA3 ? 2 * local.window() : local.window();
  }
}
