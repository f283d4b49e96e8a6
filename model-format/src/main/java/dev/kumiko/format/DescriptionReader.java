package dev.kumiko.format;

import dev.kumiko.format.ModelFormatException.Reason;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns metadata into a description. */
final class DescriptionReader {
  private static final Set<String> ARCHITECTURE_KEYS =
      Set.of(
          "family",
          "layers",
          "hidden_size",
          "attention_heads",
          "intermediate_size",
          "activation",
          "layer_norm_eps",
          "vocabulary_size",
          "positions",
          "token_types",
          "int8_activations");

  private final String source;
  private final Map<String, String> metadata;

  DescriptionReader(String source, Map<String, String> metadata) {
    this.source = source;
    this.metadata = metadata;
  }

  ModelDescription read() throws ModelFormatException {
    checkVersion();
    ModelDescription description =
        new ModelDescription(
            text(MetadataKeys.NAME),
            text(MetadataKeys.SOURCE),
            architecture(json(MetadataKeys.ARCHITECTURE)),
            choice(Pooling.values(), MetadataKeys.POOLING, text(MetadataKeys.POOLING)),
            json(MetadataKeys.NORMALIZE).asBoolean(),
            json(MetadataKeys.MAX_TOKENS).asInt(),
            prompts(json(MetadataKeys.PROMPTS)),
            text(MetadataKeys.DEFAULT_PROMPT),
            TokenizerReader.read(json(MetadataKeys.TOKENIZER)));
    Optional<String> problem = DescriptionCheck.problem(description);
    if (problem.isPresent()) {
      throw bad(problem.get());
    }
    return description;
  }

  private void checkVersion() throws ModelFormatException {
    String version = metadata.get(MetadataKeys.FORMAT_VERSION);
    if (version == null) {
      throw new ModelFormatException(
          Reason.NOT_A_MODEL,
          source
              + ": a valid safetensors file, but no Kumiko model, as its metadata has no "
              + MetadataKeys.FORMAT_VERSION
              + "; if it is a Hugging Face checkpoint, turn its directory into a model with"
              + " \"kumiko convert\"");
    }
    if (!version.equals(Integer.toString(ModelDescription.FORMAT_VERSION))) {
      throw new ModelFormatException(
          Reason.UNSUPPORTED_VERSION,
          source
              + ": is format version "
              + (version.matches("[0-9]{1,9}") ? version : Quoted.of(version))
              + ", this Kumiko reads "
              + ModelDescription.FORMAT_VERSION
              + "; use the Kumiko that wrote the file, or convert the original model again");
    }
  }

  private Architecture architecture(Json json) throws ModelFormatException {
    checkKeys(json, ARCHITECTURE_KEYS);
    String activation = json.get("activation").asString();
    return new Architecture(
        json.get("family").asString(),
        json.get("layers").asInt(),
        json.get("hidden_size").asInt(),
        json.get("attention_heads").asInt(),
        json.get("intermediate_size").asInt(),
        choice(Activation.values(), MetadataKeys.ARCHITECTURE + ": activation", activation),
        json.get("layer_norm_eps").asDouble(),
        json.get("vocabulary_size").asInt(),
        json.get("positions").asInt(),
        json.get("token_types").asInt(),
        int8Activations(json.find("int8_activations")));
  }

  private static Optional<Int8Activations> int8Activations(Optional<Json> json)
      throws ModelFormatException {
    if (json.isEmpty()) {
      return Optional.empty();
    }
    checkKeys(json.get(), Set.of("group_size", "limit"));
    return Optional.of(
        new Int8Activations(json.get().get("group_size").asInt(), json.get().get("limit").asInt()));
  }

  private static Map<String, String> prompts(Json json) throws ModelFormatException {
    Map<String, String> prompts = new LinkedHashMap<>();
    for (Map.Entry<String, Json> prompt : json.members().entrySet()) {
      prompts.put(prompt.getKey(), prompt.getValue().asString());
    }
    return prompts;
  }

  /** A key this version does not know may change the vectors, so it cannot be passed over. */
  private static void checkKeys(Json json, Set<String> known) throws ModelFormatException {
    for (Map.Entry<String, Json> member : json.members().entrySet()) {
      if (!known.contains(member.getKey())) {
        throw member.getValue().error("is unknown to this Kumiko; a newer one may read the file");
      }
    }
  }

  private <E extends Enum<E>> E choice(E[] choices, String place, String code)
      throws ModelFormatException {
    for (E choice : choices) {
      if (MetadataKeys.code(choice).equals(code)) {
        return choice;
      }
    }
    List<String> known = Arrays.stream(choices).map(MetadataKeys::code).toList();
    throw unknown(place, code, String.join(", ", known));
  }

  private Json json(String key) throws ModelFormatException {
    return Json.parse(source + ": " + key, text(key));
  }

  private String text(String key) throws ModelFormatException {
    String text = metadata.get(key);
    if (text == null) {
      throw bad("the metadata has no " + key + ", which every Kumiko model has");
    }
    return text;
  }

  private ModelFormatException unknown(String place, String code, String known) {
    return bad(place + " is " + Quoted.of(code) + ", this Kumiko knows: " + known);
  }

  private ModelFormatException bad(String problem) {
    return new ModelFormatException(Reason.BAD_DESCRIPTION, source + ": " + problem);
  }
}
