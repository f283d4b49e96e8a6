package dev.kumiko.train.evaluate;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * How far a student's vectors are from a teacher's, {@code negative_mse}: minus the mean squared
 * difference over all components, times 100. In sentence-transformers {@code MSEEvaluator}.
 */
public final class MseEvaluator implements Evaluator {
  private final List<String> texts;
  private final List<float[]> teacher;

  /**
   * Takes a teacher's answers.
   *
   * @param texts what the student is asked
   * @param teacher the teacher's vector of each text, or of what the text is a translation of
   * @throws IllegalArgumentException if their numbers differ or are zero
   */
  public MseEvaluator(List<String> texts, List<float[]> teacher) {
    if (texts.size() != teacher.size() || texts.isEmpty()) {
      throw new IllegalArgumentException(
          "%,d texts with %,d vectors of a teacher".formatted(texts.size(), teacher.size()));
    }
    this.texts = List.copyOf(texts);
    this.teacher = List.copyOf(teacher);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the model's vectors are not as long as the teacher's
   */
  @Override
  public SequencedMap<String, Double> evaluate(EvaluatedModel model) throws IOException {
    List<float[]> vectors = model.vectors(texts);
    double sum = 0;
    long count = 0;
    for (int i = 0; i < vectors.size(); i++) {
      float[] student = vectors.get(i);
      float[] wanted = teacher.get(i);
      if (student.length != wanted.length) {
        throw new IllegalArgumentException(
            "The teacher's vectors have %,d components, the model's %,d"
                .formatted(wanted.length, student.length));
      }
      for (int c = 0; c < student.length; c++) {
        double error = (double) student[c] - wanted[c];
        sum += error * error;
      }
      count += student.length;
    }
    SequencedMap<String, Double> result = new LinkedHashMap<>();
    result.put("negative_mse", -100 * sum / count);
    return result;
  }
}
