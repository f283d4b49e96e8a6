package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code DistilBertModel}: BERT without token types, under other names. */
final class DistilBert implements Family {
  /** Not configurable there. */
  private static final double EPSILON = 1e-12;

  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "n_layers", 6,
          "dim", 768,
          "n_heads", 12,
          "hidden_dim", 3072,
          "activation", "gelu",
          "vocab_size", 30522,
          "max_position_embeddings", 512);

  @Override
  public String title() {
    return "a DistilBERT";
  }

  @Override
  public String className() {
    return "DistilBert";
  }

  @Override
  public String encoderName() {
    return "distilbert";
  }

  @Override
  public Map<String, Object> defaults() {
    return DEFAULTS;
  }

  @Override
  public Map<String, String> aliases() {
    return Map.of(
        "hidden_size", "dim", "num_attention_heads", "n_heads", "num_hidden_layers", "n_layers");
  }

  @Override
  public Architecture architecture(Config config) throws IOException {
    return new Architecture(
        "distilbert",
        config.layers("n_layers"),
        config.size("dim"),
        config.heads("n_heads", "dim"),
        config.size("hidden_dim"),
        config.activation("activation"),
        EPSILON,
        config.size("vocab_size"),
        config.size("max_position_embeddings"),
        0);
  }

  @Override
  public Map<String, Object> config(Architecture architecture) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("dim", architecture.hiddenSize());
    config.put("n_layers", architecture.layers());
    config.put("n_heads", architecture.attentionHeads());
    config.put("hidden_dim", architecture.intermediateSize());
    config.put("activation", Config.name(architecture.activation()));
    config.put("vocab_size", architecture.vocabularySize());
    config.put("max_position_embeddings", architecture.positions());
    return config;
  }

  @Override
  public TensorSources sources(Architecture architecture) {
    TensorSources sources =
        new TensorSources()
            .tensor(TensorNames.TOKEN_EMBEDDINGS, "embeddings.word_embeddings.weight")
            .tensor(TensorNames.POSITION_EMBEDDINGS, "embeddings.position_embeddings.weight")
            .part(TensorNames.EMBEDDINGS_NORM, "embeddings.LayerNorm");
    for (int i = 0; i < architecture.layers(); i++) {
      String layer = "transformer.layer." + i;
      sources
          .part(TensorNames.attentionQuery(i), layer + ".attention.q_lin")
          .part(TensorNames.attentionKey(i), layer + ".attention.k_lin")
          .part(TensorNames.attentionValue(i), layer + ".attention.v_lin")
          .part(TensorNames.attentionOutput(i), layer + ".attention.out_lin")
          .part(TensorNames.attentionNorm(i), layer + ".sa_layer_norm")
          .part(TensorNames.feedForwardUp(i), layer + ".ffn.lin1")
          .part(TensorNames.feedForwardDown(i), layer + ".ffn.lin2")
          .part(TensorNames.feedForwardNorm(i), layer + ".output_layer_norm");
    }
    return sources;
  }

  @Override
  public ClassifierHead classifierHead(Config config, int labels) throws IOException {
    return new ClassifierHead(Pooling.CLS)
        .dense("pre_classifier", config.size("dim"), HeadActivation.RELU)
        .dense("classifier", labels, HeadActivation.IDENTITY);
  }

  @Override
  public Map<String, Object> classifierConfig(Head head) {
    return Map.of();
  }
}
