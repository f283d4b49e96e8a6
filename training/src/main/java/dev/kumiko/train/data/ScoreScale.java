package dev.kumiko.train.data;

/**
 * How scores of a file become labels.
 *
 * @param kind what is known about the range
 * @param lowest the score that becomes 0, if the range is given
 * @param highest the score that becomes 1, if the range is given
 */
public record ScoreScale(Kind kind, double lowest, double highest) {
  /** What is known about the range. */
  public enum Kind {
    /** Scores are labels as they stand. */
    NONE,
    /** The range is stated, and a score outside is an error. */
    GIVEN,
    /** The range is that of the scores in the file. */
    FOUND
  }

  /** Scores are labels as they stand. */
  public static final ScoreScale NONE = new ScoreScale(Kind.NONE, 0, 1);

  /** The lowest score of the file becomes 0 and the highest 1. */
  public static final ScoreScale FOUND = new ScoreScale(Kind.FOUND, 0, 1);

  /** Checks the range. */
  public ScoreScale {
    if (!(lowest < highest) || !Double.isFinite(highest - lowest)) {
      throw new IllegalArgumentException(
          "a score's range is from a number to a greater one, not from %s to %s"
              .formatted(lowest, highest));
    }
  }

  /**
   * {@return a scale from a stated range to 0 to 1: 0 to 5 for STS, for instance}
   *
   * @param lowest what becomes 0
   * @param highest what becomes 1
   */
  public static ScoreScale given(double lowest, double highest) {
    return new ScoreScale(Kind.GIVEN, lowest, highest);
  }

  boolean allows(double score) {
    return Double.isFinite(score) && (kind != Kind.GIVEN || (score >= lowest && score <= highest));
  }

  double label(double score) {
    return kind == Kind.NONE ? score : (score - lowest) / (highest - lowest);
  }
}
