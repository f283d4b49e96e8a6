package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.Json;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Position;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code RobertaModel} and those that differ by their tokenizer alone: BERT, whose positions are
 * counted from the padding token's on.
 *
 * @param name the family's name in the model file
 * @param title what messages call such a model
 * @param vocabularySize what is taken where none is stated
 */
record Roberta(String name, String title, int vocabularySize) implements Family {
  private static final Bert BERT = new Bert();

  @Override
  public String className() {
    return switch (name) {
      case "camembert" -> "Camembert";
      case "xlm-roberta" -> "XLMRoberta";
      default -> "Roberta";
    };
  }

  @Override
  public String encoderName() {
    return "roberta";
  }

  @Override
  public Map<String, Object> defaults() {
    Map<String, Object> defaults = new LinkedHashMap<>(Bert.DEFAULTS);
    defaults.put("vocab_size", vocabularySize);
    defaults.put("pad_token_id", 1);
    return defaults;
  }

  @Override
  public Map<String, String> aliases() {
    return Map.of();
  }

  @Override
  public Architecture architecture(Config config) throws IOException {
    Architecture bert = BERT.architecture(config);
    return new Architecture(
        name,
        bert.layers(),
        bert.hiddenSize(),
        bert.attentionHeads(),
        bert.intermediateSize(),
        bert.activation(),
        bert.layerNormEpsilon(),
        bert.vocabularySize(),
        bert.positions(),
        bert.tokenTypes(),
        Layout.learned(Position.Learned.behind(paddingId(config, bert.positions()))));
  }

  private static int paddingId(Config config, int positions) throws IOException {
    Json padding = config.json().get("pad_token_id");
    int id = padding.asInt();
    if (id < 0 || id >= positions - 1) {
      throw padding.error(
          "is %d, which leaves no position of max_position_embeddings %d".formatted(id, positions));
    }
    return id;
  }

  @Override
  public Map<String, Object> config(Architecture architecture) {
    return BERT.config(architecture);
  }

  @Override
  public TensorSources sources(Architecture architecture) {
    return BERT.sources(architecture);
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
