package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import java.io.IOException;
import java.util.Map;

/** What {@code transformers} calls the sizes, choices and tensors of one family of encoders. */
interface Family {
  /** Returns whether {@link #architecture} reads whether the attention is causal. */
  default boolean mayBeCausal() {
    return false;
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
