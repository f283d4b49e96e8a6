package dev.kumiko.train.evaluate;

import java.io.IOException;
import java.util.SequencedMap;

/** Measures what a model is good for, on texts that it does not learn from. */
public interface Evaluator {
  /**
   * Measures a model. The names are those of sentence-transformers; the first one is what models
   * are compared by, and more is better.
   *
   * @param model the model as it is at the moment
   * @return the scores by name, in percent; one is NaN where the model gives no answer, such as
   *     when all its vectors are the same
   * @throws IOException if the model cannot be read
   */
  SequencedMap<String, Double> evaluate(EvaluatedModel model) throws IOException;
}
