package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code MPNetModel}: RoBERTa without token types, with a bias of attention by distance. */
final class Mpnet implements Family {
  /** Neither is read from the configuration there. */
  private static final int PADDING_ID = 1;

  private static final Layout.RelativeBias BIAS = new Layout.RelativeBias(32, 128);

  @Override
  public String title() {
    return "an MPNet";
  }

  @Override
  public String className() {
    return "MPNet";
  }

  @Override
  public String encoderName() {
    return "mpnet";
  }

  @Override
  public Map<String, Object> defaults() {
    Map<String, Object> defaults = new LinkedHashMap<>(Bert.DEFAULTS);
    defaults.put("vocab_size", 30527);
    return defaults;
  }

  @Override
  public Map<String, String> aliases() {
    return Map.of();
  }

  @Override
  public Architecture architecture(Config config) throws IOException {
    config.refuseUnless("relative_attention_num_buckets", Integer.toString(BIAS.buckets()));
    return new Architecture(
        "mpnet",
        config.layers("num_hidden_layers"),
        config.size("hidden_size"),
        config.heads("num_attention_heads", "hidden_size"),
        config.size("intermediate_size"),
        config.activation("hidden_act"),
        config.epsilon("layer_norm_eps"),
        config.size("vocab_size"),
        config.size("max_position_embeddings"),
        0,
        new Layout(
            Position.Learned.behind(PADDING_ID),
            Optional.of(BIAS),
            Optional.empty(),
            NormPlace.AFTER,
            false,
            true,
            true));
  }

  @Override
  public Map<String, Object> config(Architecture architecture) {
    Map<String, Object> config = new Bert().config(architecture);
    config.remove("type_vocab_size");
    config.put("relative_attention_num_buckets", BIAS.buckets());
    return config;
  }

  @Override
  public TensorSources sources(Architecture architecture) {
    TensorSources sources =
        new TensorSources()
            .tensor(TensorNames.TOKEN_EMBEDDINGS, "embeddings.word_embeddings.weight")
            .tensor(TensorNames.POSITION_EMBEDDINGS, "embeddings.position_embeddings.weight")
            .part(TensorNames.EMBEDDINGS_NORM, "embeddings.LayerNorm")
            .tensor(TensorNames.RELATIVE_BIAS, "encoder.relative_attention_bias.weight");
    for (int i = 0; i < architecture.layers(); i++) {
      String layer = "encoder.layer." + i;
      sources
          .part(TensorNames.attentionQuery(i), layer + ".attention.attn.q")
          .part(TensorNames.attentionKey(i), layer + ".attention.attn.k")
          .part(TensorNames.attentionValue(i), layer + ".attention.attn.v")
          .part(TensorNames.attentionOutput(i), layer + ".attention.attn.o")
          .part(TensorNames.attentionNorm(i), layer + ".attention.LayerNorm")
          .part(TensorNames.feedForwardUp(i), layer + ".intermediate.dense")
          .part(TensorNames.feedForwardDown(i), layer + ".output.dense")
          .part(TensorNames.feedForwardNorm(i), layer + ".output.LayerNorm");
    }
    return sources;
  }

  @Override
  public ClassifierHead classifierHead(Config config, int labels) throws IOException {
    return new ClassifierHead(Pooling.CLS)
        .dense("classifier.dense", config.size("hidden_size"), HeadActivation.TANH)
        .dense("classifier.out_proj", labels, HeadActivation.IDENTITY);
  }

  @Override
  public Map<String, Object> classifierConfig(Head head) {
    return Map.of();
  }
}
