package dev.kumiko.format;

import java.util.List;

/**
 * What the components of a model's result mean, if they are scores and no embedding.
 *
 * @param labels what each component is the score of
 * @param function what makes scores of the components
 */
public record Classifier(List<String> labels, ScoreFunction function) {
  /** Copies the labels. */
  public Classifier {
    labels = List.copyOf(labels);
  }

  /** What makes scores of a model's raw results. */
  public enum ScoreFunction {
    /** Nothing: the raw results. */
    IDENTITY,
    /** {@code 1 / (1 + exp(-x))} of each. */
    SIGMOID,
    /** {@code exp(x)} divided by the sum of all. */
    SOFTMAX
  }
}
