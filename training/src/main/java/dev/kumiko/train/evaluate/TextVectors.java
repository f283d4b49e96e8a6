package dev.kumiko.train.evaluate;

import java.io.IOException;
import java.util.List;

/** A model as an evaluator sees it. */
@FunctionalInterface
public interface TextVectors {
  /**
   * Computes the vectors of some texts.
   *
   * @return one for each text in their order, all of the same size
   * @throws IOException if the model cannot be read
   */
  List<float[]> of(List<String> texts) throws IOException;
}
