package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import dev.kumiko.model.Similarity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns metadata into a description. */
final class DescriptionReader {
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
            ArchitectureReader.read(json(MetadataKeys.ARCHITECTURE)),
            head(),
            has(MetadataKeys.SIMILARITY)
                ? choice(
                    Similarity.values(), MetadataKeys.SIMILARITY, text(MetadataKeys.SIMILARITY))
                : Similarity.COSINE,
            json(MetadataKeys.MAX_TOKENS).asInt(),
            prompts(json(MetadataKeys.PROMPTS)),
            text(MetadataKeys.DEFAULT_PROMPT),
            TokenizerReader.read(json(MetadataKeys.TOKENIZER)),
            has(MetadataKeys.CLASSIFIER)
                ? Optional.of(HeadReader.classifier(json(MetadataKeys.CLASSIFIER)))
                : Optional.empty());
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

  private Head head() throws ModelFormatException {
    List<Pooling> pooling = new ArrayList<>();
    for (String code : text(MetadataKeys.POOLING).split(",", -1)) {
      pooling.add(choice(Pooling.values(), MetadataKeys.POOLING, code));
    }
    return new Head(
        pooling,
        !has(MetadataKeys.POOL_PROMPT) || json(MetadataKeys.POOL_PROMPT).asBoolean(),
        has(MetadataKeys.HEAD) ? HeadReader.steps(json(MetadataKeys.HEAD)) : List.of(),
        json(MetadataKeys.NORMALIZE).asBoolean());
  }

  private static Map<String, String> prompts(Json json) throws ModelFormatException {
    Map<String, String> prompts = new LinkedHashMap<>();
    for (Map.Entry<String, Json> prompt : json.members().entrySet()) {
      prompts.put(prompt.getKey(), prompt.getValue().asString());
    }
    return prompts;
  }

  private <E extends Enum<E>> E choice(E[] choices, String place, String code)
      throws ModelFormatException {
    for (E choice : choices) {
      if (MetadataKeys.code(choice).equals(code)) {
        return choice;
      }
    }
    List<String> known = Arrays.stream(choices).map(MetadataKeys::code).toList();
    throw bad(
        place + " is " + Quoted.of(code) + ", this Kumiko knows: " + String.join(", ", known));
  }

  private boolean has(String key) {
    return metadata.containsKey(key);
  }

  private Json json(String key) throws ModelFormatException {
    byte[] utf8 = text(key).getBytes(StandardCharsets.UTF_8);
    return Json.parseInModel(source + ": " + key, utf8, 0);
  }

  private String text(String key) throws ModelFormatException {
    String text = metadata.get(key);
    if (text == null) {
      throw bad("the metadata has no " + key + ", which every Kumiko model has");
    }
    return text;
  }

  private ModelFormatException bad(String problem) {
    return new ModelFormatException(Reason.BAD_DESCRIPTION, source + ": " + problem);
  }
}
