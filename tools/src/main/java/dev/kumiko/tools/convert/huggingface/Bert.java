package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.Pooling;
import dev.kumiko.tools.convert.BertNames;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code BertModel}; LaBSE and LEALLA are such models. */
class Bert implements Family {
  /** Those of {@code BertConfig}. */
  static final Map<String, Object> DEFAULTS =
      Map.of(
          "hidden_size", 768,
          "num_hidden_layers", 12,
          "num_attention_heads", 12,
          "intermediate_size", 3072,
          "hidden_act", "gelu",
          "layer_norm_eps", 1e-12,
          "vocab_size", 30522,
          "max_position_embeddings", 512,
          "type_vocab_size", 2);

  @Override
  public String title() {
    return "a BERT";
  }

  @Override
  public String className() {
    return "Bert";
  }

  @Override
  public String encoderName() {
    return "bert";
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
    config.refuseUnless("position_embedding_type", "absolute");
    config.refuseUnless("is_decoder", "false");
    config.refuseUnless("add_cross_attention", "false");
    return new Architecture(
        "bert",
        config.layers("num_hidden_layers"),
        config.size("hidden_size"),
        config.heads("num_attention_heads", "hidden_size"),
        config.size("intermediate_size"),
        config.activation("hidden_act"),
        config.epsilon("layer_norm_eps"),
        config.size("vocab_size"),
        config.size("max_position_embeddings"),
        config.size("type_vocab_size"));
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
    return config;
  }

  @Override
  public TensorSources sources(Architecture architecture) {
    TensorSources sources = new TensorSources();
    BertNames.inPyTorch(architecture.layers()).forEach(sources::tensor);
    return sources;
  }

  @Override
  public ClassifierHead classifierHead(Config config, int labels) throws IOException {
    return new ClassifierHead(Pooling.CLS)
        .dense("pooler.dense", config.size("hidden_size"), HeadActivation.TANH)
        .dense("classifier", labels, HeadActivation.IDENTITY);
  }

  @Override
  public Map<String, Object> classifierConfig(Head head) {
    return Map.of();
  }
}
