package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** What {@code transformers} calls the sizes, choices and tensors of one family of encoders. */
interface Family {
  /** All that Kumiko knows, by {@code model_type}. */
  Map<String, Family> BY_TYPE =
      new TreeMap<>(
          Map.of(
              "bert", new Bert(),
              "camembert", new Roberta("camembert", "a CamemBERT", 30522),
              "distilbert", new DistilBert(),
              "dpr", new Dpr(),
              "modernbert", new ModernBert(),
              "mpnet", new Mpnet(),
              "roberta", new Roberta("roberta", "a RoBERTa", 50265),
              "xlm-roberta", new Roberta("xlm-roberta", "an XLM-RoBERTa", 30522)));

  /** Returns the family that a {@code config.json} names. */
  static Family of(Json config) throws IOException {
    Json type = config.get("model_type");
    Family family = BY_TYPE.get(type.asString());
    if (family == null) {
      throw type.error(
          "is %s; Kumiko supports %s"
              .formatted(type.asString(), String.join(", ", BY_TYPE.keySet())));
    }
    return family;
  }

  /** Returns what messages call a model of this family, such as {@code a BERT}. */
  String title();

  /** Returns what the names of its classes begin with, such as {@code Bert}. */
  String className();

  /** Returns the member of a model for sequence classification that is the encoder. */
  String encoderName();

  /** Returns what {@code transformers} takes for members that a {@code config.json} lacks. */
  Map<String, Object> defaults();

  /** Returns other names for members, which win over the members' own. */
  Map<String, String> aliases();

  /** Reads sizes and choices. */
  Architecture architecture(Config config) throws IOException;

  /** Returns the members from which {@link #architecture} reads sizes and choices. */
  Map<String, Object> config(Architecture architecture);

  /** Returns what Kumiko's tensors are called. */
  TensorSources sources(Architecture architecture);

  /** Returns what stands behind the encoder of a model for sequence classification. */
  ClassifierHead classifierHead(Config config, int labels) throws IOException;

  /** Returns the members from which {@link #classifierHead} reads choices. */
  Map<String, Object> classifierConfig(Head head);
}
