package dev.kumiko.train.evaluate;

import java.io.IOException;
import java.util.List;

/** A model as an evaluator sees it. */
@FunctionalInterface
public interface EvaluatedModel {
  /**
   * Computes the vectors of some texts.
   *
   * @param texts in any number
   * @return one for each text in their order, all of the same size
   * @throws IllegalArgumentException if it is a classifier or a reranker
   * @throws IOException if the model cannot be read
   */
  List<float[]> vectors(List<String> texts) throws IOException;

  /**
   * Computes the raw scores of texts or pairs of texts, those before a softmax or a sigmoid.
   *
   * @param lines one text or two each
   * @return a row for each line in their order, a number for each class or a single one
   * @throws IllegalArgumentException if it is an embedding model
   * @throws IOException if the model cannot be read
   */
  default List<float[]> scores(List<List<String>> lines) throws IOException {
    throw new IllegalArgumentException("An embedding model has vectors and no scores");
  }
}
