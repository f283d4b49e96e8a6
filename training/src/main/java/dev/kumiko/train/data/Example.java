package dev.kumiko.train.data;

import java.util.List;

/**
 * One line to learn from.
 *
 * @param texts one for a text, two for a pair (anchor and positive, or two texts to compare), three
 *     and more for a triplet and further negatives
 * @param labels the score, a teacher's scores, or the number of the class; empty if the data has
 *     none
 */
public record Example(List<String> texts, List<Double> labels) {
  /** Keeps copies. */
  public Example {
    texts = List.copyOf(texts);
    labels = List.copyOf(labels);
  }
}
