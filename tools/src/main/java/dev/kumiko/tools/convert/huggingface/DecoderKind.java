package dev.kumiko.tools.convert.huggingface;

import java.util.LinkedHashMap;
import java.util.Map;

/** The relatives of Llama that Kumiko knows, and what transformers takes for absent members. */
enum DecoderKind {
  LLAMA("llama", "a Llama", "Llama", 10_000, sizes(32000, 4096, 11008, 32, 2048, 1e-6)),
  MISTRAL(
      "mistral",
      "a Mistral",
      "Mistral",
      10_000,
      with(sizes(32000, 4096, 14336, 32, 131072, 1e-6), "num_key_value_heads", 8)),
  QWEN2(
      "qwen2",
      "a Qwen2",
      "Qwen2",
      10_000,
      with(
          sizes(151936, 4096, 22016, 32, 32768, 1e-6),
          "num_key_value_heads",
          32,
          "max_window_layers",
          28)),
  QWEN3(
      "qwen3",
      "a Qwen3",
      "Qwen3",
      10_000,
      with(
          sizes(151936, 4096, 22016, 32, 32768, 1e-6),
          "num_key_value_heads",
          32,
          "max_window_layers",
          28,
          "head_dim",
          128)),
  GEMMA2(
      "gemma2",
      "a Gemma 2",
      "Gemma2",
      10_000,
      with(
          sizes(256000, 2304, 9216, 26, 8192, 1e-6),
          "num_attention_heads",
          8,
          "num_key_value_heads",
          4,
          "head_dim",
          256,
          "hidden_activation",
          "gelu_pytorch_tanh",
          "query_pre_attn_scalar",
          256,
          "sliding_window",
          4096,
          "attn_logit_softcapping",
          50.0)),
  GEMMA3(
      "gemma3_text",
      "a Gemma 3",
      "Gemma3Text",
      1_000_000,
      with(
          sizes(262208, 2304, 9216, 26, 131072, 1e-6),
          "num_attention_heads",
          8,
          "num_key_value_heads",
          4,
          "head_dim",
          256,
          "hidden_activation",
          "gelu_pytorch_tanh",
          "query_pre_attn_scalar",
          256,
          "sliding_window",
          4096,
          "sliding_window_pattern",
          6)),
  PHI3("phi3", "a Phi-3", "Phi3", 10_000, sizes(32064, 3072, 8192, 32, 4096, 1e-5)),
  EUROBERT(
      "eurobert",
      "a EuroBERT",
      "EuroBert",
      250_000,
      with(sizes(128256, 768, 3072, 12, 8192, 1e-5), "num_attention_heads", 12));

  private final String type;
  private final String title;
  private final String className;
  private final double theta;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
  private final Map<String, Object> defaults;

  DecoderKind(
      String type, String title, String className, double theta, Map<String, Object> defaults) {
    this.type = type;
    this.title = title;
    this.className = className;
    this.theta = theta;
    this.defaults = Map.copyOf(defaults);
  }

  private static Map<String, Object> sizes(
      int vocabulary, int hidden, int intermediate, int layers, int positions, double epsilon) {
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("vocab_size", vocabulary);
    sizes.put("hidden_size", hidden);
    sizes.put("intermediate_size", intermediate);
    sizes.put("num_hidden_layers", layers);
    sizes.put("num_attention_heads", 32);
    sizes.put("hidden_act", "silu");
    sizes.put("max_position_embeddings", positions);
    sizes.put("rms_norm_eps", epsilon);
    return sizes;
  }

  private static Map<String, Object> with(Map<String, Object> sizes, Object... others) {
    Map<String, Object> all = new LinkedHashMap<>(sizes);
    for (int i = 0; i < others.length; i += 2) {
      all.put((String) others[i], others[i + 1]);
    }
    return all;
  }

  String type() {
    return type;
  }

  String title() {
    return title;
  }

  String className() {
    return className;
  }

  /** Returns the base of the angles where none is stated. */
  double theta() {
    return theta;
  }

  Map<String, Object> defaults() {
    return defaults;
  }

  /** Returns whether norms stand around blocks with {@code 1 + w}, and embeddings are scaled. */
  boolean isGemma() {
    return this == GEMMA2 || this == GEMMA3;
  }

  /** Returns whether each head of queries and keys is normalised. */
  boolean hasHeadNorms() {
    return this == QWEN3 || this == GEMMA3;
  }
}
