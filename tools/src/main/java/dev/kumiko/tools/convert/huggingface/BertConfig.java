package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the {@code config.json} of a BERT model. */
final class BertConfig {
  private static final Map<String, Activation> ACTIVATIONS =
      new TreeMap<>(
          Map.of(
              "gelu", Activation.GELU,
              "gelu_new", Activation.GELU_TANH,
              "gelu_pytorch_tanh", Activation.GELU_TANH,
              "relu", Activation.RELU));

  private BertConfig() {}

  static Architecture read(Json config) throws IOException {
    Json type = config.get("model_type");
    if (!type.asString().equals(Architecture.BERT)) {
      throw type.error("is %s; Kumiko supports bert so far".formatted(type.asString()));
    }
    refuseUnless(config, "position_embedding_type", "absolute");
    refuseUnless(config, "is_decoder", "false");
    refuseUnless(config, "add_cross_attention", "false");
    int hiddenSize = size(config, "hidden_size");
    int heads = size(config, "num_attention_heads");
    if (hiddenSize % heads != 0) {
      throw config
          .get("num_attention_heads")
          .error("is %d, which does not divide hidden_size %d".formatted(heads, hiddenSize));
    }
    int layers = size(config, "num_hidden_layers");
    if (layers > Architecture.MAX_LAYERS) {
      throw config
          .get("num_hidden_layers")
          .error("is %d, more than %d".formatted(layers, Architecture.MAX_LAYERS));
    }
    Json epsilon = config.get("layer_norm_eps");
    if (!(epsilon.asDouble() > 0 && epsilon.asDouble() < 1)) {
      throw epsilon.error("is %s, expected a number between 0 and 1".formatted(epsilon));
    }
    return new Architecture(
        Architecture.BERT,
        layers,
        hiddenSize,
        heads,
        size(config, "intermediate_size"),
        activation(config.get("hidden_act")),
        epsilon.asDouble(),
        size(config, "vocab_size"),
        size(config, "max_position_embeddings"),
        size(config, "type_vocab_size"));
  }

  private static void refuseUnless(Json config, String name, String supported) throws IOException {
    Optional<Json> value = HuggingFaceFolder.present(config, name);
    if (value.isPresent()) {
      String found = value.get().isString() ? value.get().asString() : value.get().toString();
      if (!found.equals(supported)) {
        throw value.get().error("is %s; Kumiko supports %s".formatted(found, supported));
      }
    }
  }

  private static int size(Json config, String name) throws IOException {
    int size = config.get(name).asInt();
    if (size < 1) {
      throw config.get(name).error("is %d, expected at least 1".formatted(size));
    }
    return size;
  }

  private static Activation activation(Json name) throws IOException {
    Activation activation = ACTIVATIONS.get(name.asString());
    if (activation == null) {
      throw name.error(
          "is %s; Kumiko supports %s"
              .formatted(name.asString(), String.join(", ", ACTIVATIONS.keySet())));
    }
    return activation;
  }
}
