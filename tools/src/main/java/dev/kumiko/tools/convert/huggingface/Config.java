package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A {@code config.json} of {@code transformers}; what is wrong in it is refused by name. */
record Config(Json json) {
  private static final Map<String, Activation> ACTIVATIONS =
      new TreeMap<>(
          Map.of(
              "gelu", Activation.GELU,
              "gelu_python", Activation.GELU,
              "gelu_accurate", Activation.GELU_TANH,
              "gelu_fast", Activation.GELU_TANH,
              "gelu_new", Activation.GELU_TANH,
              "gelu_python_tanh", Activation.GELU_TANH,
              "gelu_pytorch_tanh", Activation.GELU_TANH,
              "relu", Activation.RELU,
              "silu", Activation.SILU));

  /** Returns what an activation is called. */
  static String name(Activation activation) {
    return switch (activation) {
      case GELU -> "gelu";
      case GELU_TANH -> "gelu_pytorch_tanh";
      case RELU -> "relu";
      case SILU -> "silu";
    };
  }

  /** Returns a configuration of this family that has all members with a default. */
  static Config of(Json json, Family family) throws IOException {
    Map<String, Json> added = new LinkedHashMap<>();
    Map<String, Json> defaults = Json.parse("defaults", Json.text(family.defaults())).members();
    for (Map.Entry<String, Json> member : defaults.entrySet()) {
      if (json.find(member.getKey()).isEmpty()) {
        added.put(member.getKey(), member.getValue());
      }
    }
    for (Map.Entry<String, String> alias : family.aliases().entrySet()) {
      Optional<Json> stated = json.find(alias.getKey());
      if (stated.isPresent()) {
        added.put(alias.getValue(), stated.get());
      }
    }
    return new Config(json.with(added));
  }

  /** Refuses a model whose classes are code of its own, whatever its type is called. */
  void refuseOwnCode(String... classes) throws IOException {
    Optional<Json> map = find("auto_map");
    for (String name : classes) {
      Optional<Json> own = map.isPresent() ? map.get().find(name) : Optional.empty();
      if (own.isPresent()) {
        throw own.get()
            .error(
                "is %s: code of the model's own, which Kumiko does not run. If the model is what %s says, remove auto_map"
                    .formatted(own.get(), json.source()));
      }
    }
  }

  /** Refuses what would make another encoder of a family's weights. */
  void refuseOtherEncoders(Family family) throws IOException {
    if (!family.mayBeCausal()) {
      refuseUnless("is_causal", "false");
    }
    Optional<Json> quantization = find("quantization_config");
    if (quantization.isPresent()) {
      Optional<Json> method = HuggingFaceFolder.present(quantization.get(), "quant_method");
      throw quantization
          .get()
          .error(
              (method.isPresent() ? "is stated with " + method.get().asString() : "is stated")
                  + ": the weights are quantised, or will be when transformers loads them, and"
                  + " Kumiko reads only its own int8; convert the model as it was before");
    }
  }

  /** Returns a member that is there and not null. */
  Optional<Json> find(String name) throws ModelFormatException {
    return HuggingFaceFolder.present(json, name);
  }

  /** Refuses a member that is there and has another value. */
  void refuseUnless(String name, String supported) throws IOException {
    Optional<Json> value = find(name);
    if (value.isPresent()) {
      String found = value.get().isString() ? value.get().asString() : value.get().toString();
      if (!found.equals(supported)) {
        throw value.get().error("is %s; Kumiko supports %s".formatted(found, supported));
      }
    }
  }

  int size(String name) throws IOException {
    int size = json.get(name).asInt();
    if (size < 1) {
      throw json.get(name).error("is %d, expected at least 1".formatted(size));
    }
    return size;
  }

  boolean flag(String name, boolean absent) throws IOException {
    Optional<Json> flag = find(name);
    return flag.isPresent() ? flag.get().asBoolean() : absent;
  }

  int layers(String name) throws IOException {
    int layers = size(name);
    if (layers > Architecture.MAX_LAYERS) {
      throw json.get(name).error("is %d, more than %d".formatted(layers, Architecture.MAX_LAYERS));
    }
    return layers;
  }

  /** Reads a number of heads that has to divide the hidden size. */
  int heads(String name, String hiddenName) throws IOException {
    int heads = size(name);
    int hidden = size(hiddenName);
    if (hidden % heads != 0) {
      throw json.get(name)
          .error("is %d, which does not divide %s %d".formatted(heads, hiddenName, hidden));
    }
    return heads;
  }

  double epsilon(String name) throws IOException {
    Json epsilon = json.get(name);
    if (!(epsilon.asDouble() > 0 && epsilon.asDouble() < 1)) {
      throw epsilon.error("is %s, expected a number between 0 and 1".formatted(epsilon));
    }
    return epsilon.asDouble();
  }

  Activation activation(String member) throws IOException {
    Json name = json.get(member);
    Activation activation = ACTIVATIONS.get(name.asString());
    if (activation == null) {
      throw name.error(
          "is %s; Kumiko supports %s"
              .formatted(name.asString(), String.join(", ", ACTIVATIONS.keySet())));
    }
    return activation;
  }
}
