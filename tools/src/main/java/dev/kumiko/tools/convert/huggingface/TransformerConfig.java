package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What sentence-transformers keeps for its module Transformer: settings of its own, and arguments
 * that win over the files of {@code transformers}.
 */
final class TransformerConfig {
  /** The names of all versions, in the order in which they are looked for. */
  private static final List<String> FILES =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  /** What would change a text's vector in a way that Kumiko has no setting for. */
  private static final List<String> REFUSED =
      List.of(
          "document_length",
          "processing_kwargs",
          "query_expansion",
          "query_length",
          "tokenizer_name_or_path");

  /** Of all others sentence-transformers does not load the module. */
  private static final Set<String> KNOWN =
      Set.of(
          "cache_dir",
          "config_args",
          "config_kwargs",
          "do_lower_case",
          "max_seq_length",
          "modality_config",
          "model_args",
          "model_kwargs",
          "module_output_name",
          "processor_kwargs",
          "tokenizer_args",
          "transformer_task",
          "unpad_inputs");

  /** Arguments of the model that change how it is loaded and computed, but not what. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "add_pooling_layer",
          "attn_implementation",
          "cache_dir",
          "device_map",
          "dtype",
          "local_files_only",
          "low_cpu_mem_usage",
          "revision",
          "subfolder",
          "token",
          "torch_dtype",
          "trust_remote_code",
          "use_safetensors");

  private static final Json NOTHING;

  static {
    try {
      NOTHING = Json.parse("nothing", "{}");
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Json json;

  private TransformerConfig(Json json) {
    this.json = json;
  }

  /** Returns what a folder without {@code modules.json} has: there, no such file is read. */
  static TransformerConfig none() {
    return new TransformerConfig(NOTHING);
  }

  /** Reads the first of the files that is there and not empty. */
  static TransformerConfig read(Path folder) throws IOException {
    for (String name : FILES) {
      Optional<Json> file = HuggingFaceFolder.find(folder.resolve(name));
      if (file.isPresent() && !file.get().members().isEmpty()) {
        TransformerConfig config = new TransformerConfig(file.get());
        config.check();
        return config;
      }
    }
    return none();
  }

  private void check() throws IOException {
    for (Map.Entry<String, Json> member : json.members().entrySet()) {
      if (!KNOWN.contains(member.getKey()) && !REFUSED.contains(member.getKey())) {
        throw member.getValue().error("is no setting of sentence-transformers that Kumiko knows");
      }
    }
    for (String name : REFUSED) {
      Optional<Json> stated = HuggingFaceFolder.present(json, name);
      if (stated.isPresent() && !isEmpty(stated.get())) {
        throw stated.get().error("is " + stated.get() + ", which Kumiko has no setting for");
      }
    }
    for (Map.Entry<String, Json> argument : arguments("model_kwargs", "model_args").entrySet()) {
      if (!WITHOUT_EFFECT.contains(argument.getKey())) {
        throw argument.getValue().error("is an argument of the model that Kumiko does not know");
      }
    }
    requireOneOf(json, "transformer_task", "feature-extraction", "sequence-classification");
    requireOneOf(json, "module_output_name", "token_embeddings", "scores");
    Optional<Json> modalities = HuggingFaceFolder.present(json, "modality_config");
    if (modalities.isPresent()) {
      Json text = modalities.get().get("text");
      requireOneOf(text, "method", "forward");
      requireOneOf(text, "method_output_name", "last_hidden_state", "logits");
    }
  }

  /** Refuses what would take something else from the encoder than its token vectors or scores. */
  private static void requireOneOf(Json object, String name, String... supported)
      throws IOException {
    Optional<Json> value = HuggingFaceFolder.present(object, name);
    if (value.isPresent() && !List.of(supported).contains(value.get().asString())) {
      throw value
          .get()
          .error(
              "is %s; Kumiko supports %s".formatted(value.get(), String.join(" and ", supported)));
    }
  }

  private static boolean isEmpty(Json value) throws IOException {
    return value.isObject() && value.members().isEmpty();
  }

  /** Returns the longest input, if this says it. */
  Optional<Json> maxTokens() throws IOException {
    Optional<Json> argument = Optional.ofNullable(tokenizerArguments().get("model_max_length"));
    return argument.isPresent() ? argument : HuggingFaceFolder.present(json, "max_seq_length");
  }

  /** Returns whether texts are lower-cased first, whatever the tokenizer does. */
  boolean lowerCase() throws IOException {
    return new Config(json).flag("do_lower_case", false);
  }

  /** Returns what wins over {@code tokenizer_config.json}. */
  Map<String, Json> tokenizerArguments() throws IOException {
    return arguments("processor_kwargs", "tokenizer_args");
  }

  /** Returns what wins over {@code config.json}. */
  Map<String, Json> modelConfigArguments() throws IOException {
    return arguments("config_kwargs", "config_args");
  }

  /** The older name wins, as sentence-transformers moves it to the newer. */
  private Map<String, Json> arguments(String name, String olderName) throws IOException {
    Optional<Json> stated = HuggingFaceFolder.present(json, olderName);
    if (stated.isEmpty()) {
      stated = HuggingFaceFolder.present(json, name);
    }
    return stated.isPresent() ? stated.get().members() : Map.of();
  }
}
