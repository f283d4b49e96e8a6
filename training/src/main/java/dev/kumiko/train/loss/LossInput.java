package dev.kumiko.train.loss;

import java.util.List;

/** What a loss is computed from. An instance belongs to one thread. */
public final class LossInput {
  private final List<SentenceVectors> columns;
  private final double[] labels;
  private final List<SentenceVectors> targets;

  /**
   * Puts a batch together.
   *
   * @param columns the batch's columns in the order of the data: anchor, positive, negatives; all
   *     have the same number of vectors and the same size. A classifier's or reranker's logits are
   *     a single column
   * @param labels {@code [lines][labels of a line]}: a score, a class, or a teacher's scores of
   *     each text behind the first; or empty; kept
   * @param targets a teacher's vectors for each column, or one for all columns; or empty
   * @throws IllegalArgumentException if the numbers of lines differ or are zero
   */
  public LossInput(List<SentenceVectors> columns, double[] labels, List<SentenceVectors> targets) {
    this.columns = List.copyOf(columns);
    this.labels = labels;
    this.targets = List.copyOf(targets);
    if (columns.isEmpty() || lines() == 0) {
      throw new IllegalArgumentException("The batch is empty");
    }
    for (SentenceVectors column : columns) {
      if (column.count() != lines() || column.size() != size()) {
        throw new IllegalArgumentException(
            "The batch has columns of %,d vectors of %,d and of %,d vectors of %,d"
                .formatted(lines(), size(), column.count(), column.size()));
      }
    }
    for (SentenceVectors target : targets) {
      if (target.count() != lines()) {
        throw new IllegalArgumentException(
            "The batch has %,d lines, but %,d vectors of the teacher"
                .formatted(lines(), target.count()));
      }
    }
    if (labels.length % lines() != 0) {
      throw new IllegalArgumentException(
          "The batch has %,d lines, but %,d labels".formatted(lines(), labels.length));
    }
  }

  /** {@return the number of lines} */
  public int lines() {
    return columns.getFirst().count();
  }

  /** {@return the length of a vector} */
  public int size() {
    return columns.getFirst().size();
  }

  /** {@return the batch's columns in the order of the data} */
  public List<SentenceVectors> columns() {
    return columns;
  }

  /** {@return the labels themselves, {@code [lines][labels of a line]}; empty if there are none} */
  public double[] labels() {
    return labels;
  }

  /** {@return how many labels a line has} */
  public int labelsPerLine() {
    return labels.length / lines();
  }

  /** {@return a teacher's vectors for each column, or one for all; empty if there is none} */
  public List<SentenceVectors> targets() {
    return targets;
  }

  /** Returns the same batch with other vectors. */
  LossInput with(List<SentenceVectors> otherColumns, List<SentenceVectors> otherTargets) {
    return new LossInput(otherColumns, labels, otherTargets);
  }
}
