package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Json;
import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The {@code config_sentence_transformers.json} of a folder, which may be absent.
 *
 * @param prompts texts to put before an input, by name
 * @param defaultPrompt name of the prompt used when none is asked for; empty for none
 * @param similarity how vectors are compared
 */
record SentenceConfig(Map<String, String> prompts, String defaultPrompt, Similarity similarity) {
  private static final String SENTENCES = "SentenceTransformer";
  private static final String PAIRS = "CrossEncoder";

  private static final Map<String, Similarity> SIMILARITIES =
      new TreeMap<>(
          Map.of(
              "cosine", Similarity.COSINE,
              "dot", Similarity.DOT,
              "euclidean", Similarity.EUCLIDEAN,
              "manhattan", Similarity.MANHATTAN));

  /** Returns the members from which this is read. */
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("prompts", prompts);
    members.put("default_prompt_name", defaultPrompt.isEmpty() ? null : defaultPrompt);
    members.put("similarity_fn_name", similarity.name().toLowerCase(Locale.ROOT));
    return members;
  }

  /**
   * Reads the file.
   *
   * @param isPooled whether the folder's modules make one vector of a text
   */
  static SentenceConfig read(Path folder, boolean isPooled) throws IOException {
    Optional<Json> config =
        HuggingFaceFolder.find(folder.resolve("config_sentence_transformers.json"));
    if (config.isEmpty()) {
      return new SentenceConfig(Map.of(), "", Similarity.COSINE);
    }
    refuseOtherModels(config.get(), isPooled);
    return read(config.get());
  }

  /** Of a model of another kind, SentenceTransformer leaves modules and prompts aside. */
  private static void refuseOtherModels(Json config, boolean isPooled) throws IOException {
    Optional<Json> type = HuggingFaceFolder.present(config, "model_type");
    if (type.isPresent()) {
      String name = type.get().asString();
      if (!name.equals(SENTENCES) && (isPooled || !name.equals(PAIRS))) {
        throw type.get()
            .error(
                "is %s; Kumiko supports %s, and %s of a cross-encoder"
                    .formatted(name, SENTENCES, PAIRS));
      }
    }
  }

  private static SentenceConfig read(Json config) throws IOException {
    Map<String, String> prompts = new LinkedHashMap<>();
    Optional<Json> stated = HuggingFaceFolder.present(config, "prompts");
    if (stated.isPresent()) {
      for (Map.Entry<String, Json> prompt : stated.get().members().entrySet()) {
        prompts.put(prompt.getKey(), prompt.getValue().asString());
      }
    }
    Optional<Json> chosen = HuggingFaceFolder.present(config, "default_prompt_name");
    return new SentenceConfig(
        Collections.unmodifiableMap(prompts),
        chosen.isPresent() ? chosen.get().asString() : "",
        similarity(HuggingFaceFolder.present(config, "similarity_fn_name")));
  }

  private static Similarity similarity(Optional<Json> name) throws IOException {
    if (name.isEmpty()) {
      return Similarity.COSINE;
    }
    Similarity similarity = SIMILARITIES.get(name.get().asString());
    if (similarity == null) {
      throw name.get()
          .error(
              "is %s; Kumiko supports %s"
                  .formatted(name.get().asString(), String.join(", ", SIMILARITIES.keySet())));
    }
    return similarity;
  }
}
