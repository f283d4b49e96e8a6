package dev.kumiko.train.loss;

import java.util.List;

/** What a loss is computed from. */
public final class LossInput {
  private final List<SentenceVectors> columns;
  private final double[] labels;
  private final List<SentenceVectors> targets;

  /**
   * Puts a batch together.
   *
   * @param columns the batch's columns in the order of the data: anchor, positive, negatives; all
   *     have the same number of vectors
   * @param labels a score or class for each line, or empty; kept
   * @param targets what a teacher says, a row for each line: vectors of the teacher's length for
   *     each column, or scores; or empty
   */
  public LossInput(List<SentenceVectors> columns, double[] labels, List<SentenceVectors> targets) {
    this.columns = List.copyOf(columns);
    this.labels = labels;
    this.targets = List.copyOf(targets);
  }

  /** Returns the batch's columns in the order of the data. */
  public List<SentenceVectors> columns() {
    return columns;
  }

  /** Returns the score or class of each line itself; empty if there are none. */
  public double[] labels() {
    return labels;
  }

  /** Returns what a teacher says; empty if there is none. */
  public List<SentenceVectors> targets() {
    return targets;
  }
}
