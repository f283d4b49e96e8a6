package dev.kumiko.format;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Turns a description into metadata. */
final class DescriptionWriter {
  private DescriptionWriter() {}

  static Map<String, String> metadata(ModelDescription description) {
    Optional<String> problem = DescriptionCheck.problem(description);
    if (problem.isPresent()) {
      throw new IllegalArgumentException(problem.get());
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(MetadataKeys.FORMAT_VERSION, Integer.toString(ModelDescription.FORMAT_VERSION));
    metadata.put(MetadataKeys.NAME, description.name());
    metadata.put(MetadataKeys.SOURCE, description.source());
    metadata.put(MetadataKeys.ARCHITECTURE, Json.text(architecture(description.architecture())));
    metadata.put(MetadataKeys.POOLING, MetadataKeys.code(description.pooling()));
    metadata.put(MetadataKeys.NORMALIZE, Boolean.toString(description.normalize()));
    metadata.put(MetadataKeys.MAX_TOKENS, Integer.toString(description.maxTokens()));
    metadata.put(MetadataKeys.PROMPTS, Json.text(description.prompts()));
    metadata.put(MetadataKeys.DEFAULT_PROMPT, description.defaultPrompt());
    metadata.put(MetadataKeys.TOKENIZER, Json.text(TokenizerWriter.json(description.tokenizer())));
    return metadata;
  }

  private static Map<String, Object> architecture(Architecture architecture) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("family", architecture.family());
    json.put("layers", architecture.layers());
    json.put("hidden_size", architecture.hiddenSize());
    json.put("attention_heads", architecture.attentionHeads());
    json.put("intermediate_size", architecture.intermediateSize());
    json.put("activation", MetadataKeys.code(architecture.activation()));
    json.put("layer_norm_eps", architecture.layerNormEpsilon());
    json.put("vocabulary_size", architecture.vocabularySize());
    json.put("positions", architecture.positions());
    json.put("token_types", architecture.tokenTypes());
    architecture.int8Activations().ifPresent(it -> json.put("int8_activations", int8(it)));
    return json;
  }

  private static Map<String, Object> int8(Int8Activations activations) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("group_size", activations.groupSize());
    json.put("limit", activations.limit());
    return json;
  }
}
