package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Json;
import dev.kumiko.format.Pooling;
import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The {@code config.json} of a {@code Pooling} module. */
record PoolingConfig(Json config) {
  private static final Map<String, Pooling> POOLINGS =
      new TreeMap<>(
          Map.of(
              "cls", Pooling.CLS,
              "lasttoken", Pooling.LAST_TOKEN,
              "max", Pooling.MAX,
              "mean", Pooling.MEAN,
              "mean_sqrt_len_tokens", Pooling.MEAN_SQRT_LEN,
              "weightedmean", Pooling.WEIGHTED_MEAN));

  /** The flags of older files, in the order in which several are concatenated. */
  private static final List<String> FLAGS =
      List.of(
          "pooling_mode_cls_token",
          "pooling_mode_max_tokens",
          "pooling_mode_mean_tokens",
          "pooling_mode_mean_sqrt_len_tokens",
          "pooling_mode_weightedmean_tokens",
          "pooling_mode_lasttoken");

  private static final List<String> FLAGGED =
      List.of("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken");

  /**
   * Returns the members from which {@link #pooling} and {@link #poolsPrompt} read: for one way the
   * flags, which all versions know, for several the list, which has an order.
   */
  static Map<String, Object> members(List<Pooling> poolings, boolean poolPrompt, int hiddenSize) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (poolings.size() == 1) {
      members.put("word_embedding_dimension", hiddenSize);
      for (int i = 0; i < FLAGS.size(); i++) {
        members.put(FLAGS.get(i), poolings.contains(POOLINGS.get(FLAGGED.get(i))));
      }
    } else {
      List<String> modes = new ArrayList<>();
      for (Pooling pooling : poolings) {
        POOLINGS.forEach(
            (name, known) -> modes.addAll(known == pooling ? List.of(name) : List.of()));
      }
      members.put("embedding_dimension", hiddenSize);
      members.put("pooling_mode", modes);
    }
    members.put("include_prompt", poolPrompt);
    return members;
  }

  /** Reads how token vectors are pooled; the results of several ways follow each other. */
  List<Pooling> pooling() throws IOException {
    List<String> modes = new ArrayList<>();
    Optional<Json> stated = HuggingFaceFolder.present(config, "pooling_mode");
    if (stated.isPresent() && stated.get().isArray()) {
      for (Json mode : stated.get().items()) {
        modes.add(mode.asString());
      }
    } else if (stated.isPresent()) {
      modes.add(stated.get().asString());
    } else {
      modes.addAll(flagged());
      if (modes.isEmpty()) {
        modes.add("mean");
      }
    }
    List<Pooling> poolings = new ArrayList<>();
    for (String mode : modes) {
      if (POOLINGS.containsKey(mode)) {
        poolings.add(POOLINGS.get(mode));
      }
    }
    if (poolings.isEmpty() || poolings.size() < modes.size()) {
      throw new ConversionException(
          "%s asks for the pooling %s; Kumiko supports %s."
              .formatted(
                  config.source(),
                  modes.isEmpty() ? "none" : String.join(" and ", modes),
                  String.join(", ", POOLINGS.keySet())));
    }
    return poolings;
  }

  private List<String> flagged() throws IOException {
    List<String> modes = new ArrayList<>();
    for (int i = 0; i < FLAGS.size(); i++) {
      Optional<Json> flag = HuggingFaceFolder.present(config, FLAGS.get(i));
      if (flag.isPresent() && flag.get().asBoolean()) {
        modes.add(FLAGGED.get(i));
      }
    }
    for (Map.Entry<String, Json> member : config.members().entrySet()) {
      String flag = member.getKey();
      if (flag.startsWith("pooling_mode_")
          && !FLAGS.contains(flag)
          && member.getValue().asBoolean()) {
        modes.add(flag.substring("pooling_mode_".length()));
      }
    }
    return modes;
  }

  /** Reads whether a prompt's tokens are pooled with the text's. */
  boolean poolsPrompt() throws IOException {
    Optional<Json> included = HuggingFaceFolder.present(config, "include_prompt");
    return included.isEmpty() || included.get().asBoolean();
  }

  /** Checks that the pooling was made for vectors of this size. */
  void requireDimension(int hiddenSize) throws IOException {
    for (String name : List.of("word_embedding_dimension", "embedding_dimension")) {
      Optional<Json> dimension = HuggingFaceFolder.present(config, name);
      if (dimension.isPresent() && dimension.get().asInt() != hiddenSize) {
        throw dimension
            .get()
            .error("is %d, the encoder has %d".formatted(dimension.get().asInt(), hiddenSize));
      }
    }
  }
}
