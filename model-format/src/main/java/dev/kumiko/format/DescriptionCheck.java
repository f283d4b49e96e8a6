package dev.kumiko.format;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What must hold within a description, whether it is read or about to be written. */
final class DescriptionCheck {
  /** [CLS], [SEP] and one token between them. */
  private static final int LEAST_TOKENS = 3;

  private DescriptionCheck() {}

  /** Returns the first thing that is wrong, for people; empty if nothing is. */
  static Optional<String> problem(ModelDescription description) {
    return architecture(description.architecture())
        .or(() -> limits(description))
        .or(
            () ->
                description
                    .tokenizer()
                    .problem(description.architecture().vocabularySize())
                    .map(problem -> MetadataKeys.TOKENIZER + ": " + problem));
  }

  private static Optional<String> architecture(Architecture architecture) {
    String place = MetadataKeys.ARCHITECTURE + ": ";
    if (!architecture.family().equals(Architecture.BERT)) {
      return Optional.of(
          place
              + "family is "
              + Quoted.of(architecture.family())
              + ", this Kumiko knows: "
              + Architecture.BERT);
    }
    Map<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("layers", architecture.layers());
    sizes.put("hidden_size", architecture.hiddenSize());
    sizes.put("attention_heads", architecture.attentionHeads());
    sizes.put("intermediate_size", architecture.intermediateSize());
    sizes.put("vocabulary_size", architecture.vocabularySize());
    sizes.put("positions", architecture.positions());
    sizes.put("token_types", architecture.tokenTypes());
    for (Map.Entry<String, Integer> size : sizes.entrySet()) {
      if (size.getValue() < 1) {
        return Optional.of(
            place + size.getKey() + " is " + size.getValue() + ", but must be at least 1");
      }
    }
    if (architecture.layers() > Architecture.MAX_LAYERS) {
      return Optional.of(
          place + "layers is " + architecture.layers() + ", more than " + Architecture.MAX_LAYERS);
    }
    if (architecture.hiddenSize() % architecture.attentionHeads() != 0) {
      return Optional.of(
          place
              + "attention_heads is "
              + architecture.attentionHeads()
              + ", which does not divide hidden_size "
              + architecture.hiddenSize());
    }
    double epsilon = architecture.layerNormEpsilon();
    if (!(epsilon > 0 && epsilon < 1)) {
      return Optional.of(place + "layer_norm_eps is " + epsilon + ", but must be between 0 and 1");
    }
    return architecture
        .int8Activations()
        .flatMap(Int8Activations::problem)
        .map(problem -> place + "int8_activations." + problem);
  }

  private static Optional<String> limits(ModelDescription description) {
    if (description.name().isBlank()) {
      return Optional.of(MetadataKeys.NAME + " is empty");
    }
    int maxTokens = description.maxTokens();
    int positions = description.architecture().positions();
    if (maxTokens < LEAST_TOKENS || maxTokens > positions) {
      return Optional.of(
          MetadataKeys.MAX_TOKENS
              + " is "
              + maxTokens
              + ", but must be from "
              + LEAST_TOKENS
              + " to the number of positions, "
              + positions);
    }
    String prompt = description.defaultPrompt();
    if (!prompt.isEmpty() && !description.prompts().containsKey(prompt)) {
      return Optional.of(
          MetadataKeys.DEFAULT_PROMPT
              + " is "
              + Quoted.of(prompt)
              + ", but the prompts are "
              + description.prompts().keySet().stream().map(Quoted::of).toList());
    }
    return Optional.empty();
  }
}
