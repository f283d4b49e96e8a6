package dev.kumiko.train.data;

import java.util.List;

/**
 * One line to learn from.
 *
 * @param texts one for a text, two for a pair (anchor and positive, or two texts to compare), three
 *     and more for a triplet and further negatives
 * @param label the score or the number of the class; NaN if the data has neither
 */
public record Example(List<String> texts, double label) {
  /** Keeps a copy of the texts. */
  public Example {
    texts = List.copyOf(texts);
  }
}
