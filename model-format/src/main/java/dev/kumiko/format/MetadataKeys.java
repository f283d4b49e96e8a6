package dev.kumiko.format;

import java.util.Locale;

/** The names under which a description is stored. */
final class MetadataKeys {
  static final String FORMAT_VERSION = "kumiko.format_version";
  static final String NAME = "kumiko.name";
  static final String SOURCE = "kumiko.source";
  static final String ARCHITECTURE = "kumiko.architecture";
  static final String POOLING = "kumiko.pooling";
  static final String POOL_PROMPT = "kumiko.pool_prompt";
  static final String HEAD = "kumiko.head";
  static final String NORMALIZE = "kumiko.normalize";
  static final String SIMILARITY = "kumiko.similarity";
  static final String CLASSIFIER = "kumiko.classifier";
  static final String MAX_TOKENS = "kumiko.max_tokens";
  static final String PROMPTS = "kumiko.prompts";
  static final String DEFAULT_PROMPT = "kumiko.default_prompt";
  static final String TOKENIZER = "kumiko.tokenizer";

  private MetadataKeys() {}

  /** Returns how a choice is written in a file. */
  static String code(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
