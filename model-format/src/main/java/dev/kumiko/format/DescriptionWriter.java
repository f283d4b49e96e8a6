package dev.kumiko.format;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns a description into metadata. */
final class DescriptionWriter {
  private DescriptionWriter() {}

  static Map<String, String> metadata(ModelDescription description) {
    Optional<String> problem = DescriptionCheck.problem(description);
    if (problem.isPresent()) {
      throw new IllegalArgumentException(problem.get());
    }
    Head head = description.head();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(MetadataKeys.FORMAT_VERSION, Integer.toString(ModelDescription.FORMAT_VERSION));
    metadata.put(MetadataKeys.NAME, description.name());
    metadata.put(MetadataKeys.SOURCE, description.source());
    metadata.put(
        MetadataKeys.ARCHITECTURE, Json.text(ArchitectureWriter.json(description.architecture())));
    metadata.put(
        MetadataKeys.POOLING,
        head.pooling().stream().map(MetadataKeys::code).collect(Collectors.joining(",")));
    metadata.put(MetadataKeys.POOL_PROMPT, Boolean.toString(head.poolPrompt()));
    metadata.put(MetadataKeys.HEAD, Json.text(ArchitectureWriter.json(head.steps())));
    metadata.put(MetadataKeys.NORMALIZE, Boolean.toString(head.normalize()));
    metadata.put(MetadataKeys.SIMILARITY, MetadataKeys.code(description.similarity()));
    description
        .classifier()
        .ifPresent(
            classifier ->
                metadata.put(
                    MetadataKeys.CLASSIFIER, Json.text(ArchitectureWriter.json(classifier))));
    metadata.put(MetadataKeys.MAX_TOKENS, Integer.toString(description.maxTokens()));
    metadata.put(MetadataKeys.PROMPTS, Json.text(description.prompts()));
    metadata.put(MetadataKeys.DEFAULT_PROMPT, description.defaultPrompt());
    metadata.put(MetadataKeys.TOKENIZER, Json.text(TokenizerWriter.json(description.tokenizer())));
    return metadata;
  }
}
