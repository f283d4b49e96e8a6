package dev.kumiko.train.loss;

import java.util.Arrays;
import java.util.List;

/** Says what a loss misses in a batch. */
final class Need {
  private static final String[] COLUMNS = {"anchor", "positive", "negative"};

  private Need() {}

  static void columns(Loss loss, LossInput input, int least) {
    int have = input.columns().size();
    if (have < least) {
      String names = String.join(", ", Arrays.copyOf(COLUMNS, least));
      throw new IllegalArgumentException(
          "%s needs %d columns of texts (%s), the data has %d"
              .formatted(loss.name(), least, names, have));
    }
  }

  static void columnsExactly(Loss loss, LossInput input, int wanted) {
    int have = input.columns().size();
    if (have != wanted) {
      throw new IllegalArgumentException(
          "%s needs %d %s of texts, the data has %d"
              .formatted(loss.name(), wanted, wanted == 1 ? "column" : "columns", have));
    }
  }

  /** In-batch negatives: the other lines' texts, or at least a negative of the line itself. */
  static void somethingToCompare(Loss loss, LossInput input) {
    if (input.lines() < 2 && input.columns().size() < 3) {
      throw new IllegalArgumentException(
          loss.name()
              + " compares each line with the others of its batch, but the batch has a single line:"
              + " make it larger, use lines with different texts, or give them negatives");
    }
  }

  /** Labels that are numbers. */
  static double[] labels(Loss loss, LossInput input, int perLine) {
    double[] labels = input.labels();
    if (input.labelsPerLine() != perLine) {
      throw new IllegalArgumentException(
          "%s needs %d %s for each line, the data has %d"
              .formatted(
                  loss.name(), perLine, perLine == 1 ? "label" : "labels", input.labelsPerLine()));
    }
    for (int i = 0; i < labels.length; i++) {
      if (!Double.isFinite(labels[i])) {
        throw new IllegalArgumentException(
            "%s: line %d of the batch has the label %s, expected a number"
                .formatted(loss.name(), i / perLine + 1, labels[i]));
      }
    }
    return labels;
  }

  /** A teacher's vectors for a column: its own, or those that are for all columns. */
  static SentenceVectors target(Loss loss, LossInput input, int column) {
    int have = input.targets().size();
    if (have != 1 && have != input.columns().size()) {
      throw new IllegalArgumentException(
          "%s needs a teacher's vectors for each of %d columns or one for all, there are %d"
              .formatted(loss.name(), input.columns().size(), have));
    }
    return input.targets().get(have == 1 ? 0 : column);
  }

  /** Vectors that are compared with each other. */
  static void sameSize(Loss loss, List<SentenceVectors> columns) {
    int size = columns.getFirst().size();
    for (SentenceVectors column : columns) {
      if (column.size() != size) {
        throw new IllegalArgumentException(
            "%s: the teacher's vectors have %,d and %,d components"
                .formatted(loss.name(), size, column.size()));
      }
    }
  }
}
