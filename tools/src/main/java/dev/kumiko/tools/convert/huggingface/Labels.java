package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Classifier;
import dev.kumiko.format.Classifier.ScoreFunction;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the configuration of a model for sequence classification says of its scores. */
final class Labels {
  private static final Map<String, ScoreFunction> FUNCTIONS =
      new TreeMap<>(
          Map.of(
              "torch.nn.modules.activation.Sigmoid", ScoreFunction.SIGMOID,
              "torch.nn.modules.activation.Softmax", ScoreFunction.SOFTMAX,
              "torch.nn.modules.linear.Identity", ScoreFunction.IDENTITY));

  /** What transformers assumes where a configuration names none. */
  private static final int LABELS = 2;

  private Labels() {}

  /** Returns whether the model was saved with a head for sequence classification. */
  static boolean areIn(Config config) throws IOException {
    Optional<Json> architectures = config.find("architectures");
    if (architectures.isPresent()) {
      for (Json architecture : architectures.get().items()) {
        if (architecture.asString().endsWith("ForSequenceClassification")) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the members from which {@link #read} reads. */
  static Map<String, Object> members(Classifier classifier) {
    Map<String, Object> names = new LinkedHashMap<>();
    Map<String, Object> numbers = new LinkedHashMap<>();
    for (int i = 0; i < classifier.labels().size(); i++) {
      names.put(Integer.toString(i), classifier.labels().get(i));
      numbers.put(classifier.labels().get(i), i);
    }
    String function =
        FUNCTIONS.entrySet().stream()
            .filter(entry -> entry.getValue() == classifier.function())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id2label", names);
    members.put("label2id", numbers);
    members.put("sentence_transformers", Map.of("activation_fn", function));
    return members;
  }

  static Classifier read(Config config, Path folder) throws IOException {
    List<String> labels = names(config);
    return new Classifier(labels, function(config, folder, labels.size()));
  }

  /** {@code num_labels} wins: names of another number are not used. */
  private static List<String> names(Config config) throws IOException {
    Optional<Json> stated = config.find("id2label");
    int named = stated.isPresent() ? stated.get().members().size() : LABELS;
    boolean counted = config.find("num_labels").isPresent();
    int count = counted ? config.size("num_labels") : named;
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean isNamed = stated.isPresent() && named == count;
      labels.add(isNamed ? stated.get().get(Integer.toString(i)).asString() : "LABEL_" + i);
    }
    return labels;
  }

  /** What is stated; else what transformers takes for the number of labels. */
  private static ScoreFunction function(Config config, Path folder, int labels) throws IOException {
    Optional<Json> stated = activation(config, folder);
    if (stated.isPresent()) {
      ScoreFunction function = FUNCTIONS.get(stated.get().asString());
      if (function == null) {
        throw stated
            .get()
            .error(
                "is %s; Kumiko supports %s"
                    .formatted(stated.get().asString(), String.join(", ", FUNCTIONS.keySet())));
      }
      return function;
    }
    Optional<Json> problem = config.find("problem_type");
    boolean several =
        problem.isPresent() && problem.get().asString().equals("multi_label_classification");
    return labels == 1 || several ? ScoreFunction.SIGMOID : ScoreFunction.SOFTMAX;
  }

  /** The places where versions of sentence-transformers keep it. */
  private static Optional<Json> activation(Config config, Path folder) throws IOException {
    Optional<Json> beside =
        HuggingFaceFolder.setting(folder, "config_sentence_transformers.json", "activation_fn");
    if (beside.isPresent()) {
      return beside;
    }
    Optional<Json> inside = config.find("sentence_transformers");
    if (inside.isPresent()) {
      Optional<Json> stated = HuggingFaceFolder.present(inside.get(), "activation_fn");
      if (stated.isPresent()) {
        return stated;
      }
    }
    return config.find("sbert_ce_default_activation_function");
  }
}
