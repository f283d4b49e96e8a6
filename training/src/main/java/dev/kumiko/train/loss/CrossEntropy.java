package dev.kumiko.train.loss;

import java.util.Arrays;

/**
 * A classifier shall find the class:
 *
 * <pre>
 * loss = mean over i of -log softmax(z_i)_y
 * dz_i = (softmax(z_i) - [k = y]) / lines
 * </pre>
 *
 * The only column holds logits, {@code [lines][classes]}; the label is the number of the class,
 * from 0. In sentence-transformers {@code CrossEntropyLoss}.
 */
public record CrossEntropy() implements Loss {
  @Override
  public String name() {
    return "cross-entropy";
  }

  @Override
  public boolean isOfScores() {
    return true;
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columnsExactly(this, input, 1);
    double[] labels = Need.labels(this, input, 1);
    SentenceVectors logits = input.columns().getFirst();
    int classes = logits.size();
    double loss = 0;
    for (int i = 0; i < input.lines(); i++) {
      int right = (int) labels[i];
      if (right != labels[i] || right < 0 || right >= classes) {
        throw new IllegalArgumentException(
            "%s: line %d of the batch has the label %s, but the classes are 0 to %d"
                .formatted(name(), i + 1, labels[i], classes - 1));
      }
      double[] row = Arrays.copyOfRange(logits.values(), i * classes, (i + 1) * classes);
      loss += Softmax.crossEntropy(row, right);
      Rows.addScaled(weight / input.lines(), row, 0, logits.gradient(), i, classes);
    }
    return loss / input.lines();
  }
}
