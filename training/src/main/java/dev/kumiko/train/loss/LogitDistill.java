package dev.kumiko.train.loss;

/**
 * The cosines of all anchors with all positives of the batch shall be the teacher's. Either the
 * mean squared difference, or, with a scale, the Kullback-Leibler divergence of each anchor's
 * distribution over the positives:
 *
 * <pre>
 * squared:    loss = mean over i, j of (C_ij - T_ij)^2,  dC = 2 (C - T) / lines^2
 * divergence: loss = mean over i of KL(softmax(scale T_i) || softmax(scale C_i)),
 *             dC = scale (softmax(scale C_i) - softmax(scale T_i)) / lines
 * </pre>
 *
 * The teacher's vectors may have any length.
 *
 * <p>Source: Hinton et al., arXiv 1503.02531, section 2; Mao and Nakagawa (LEALLA), arXiv
 * 2302.08387.
 */
public final class LogitDistill implements Loss {
  private final double scale;

  private LogitDistill(double scale) {
    this.scale = scale;
  }

  /** {@return the mean squared difference of the cosines} */
  public static LogitDistill squared() {
    return new LogitDistill(0);
  }

  /**
   * {@return the divergence of the distributions}
   *
   * @param scale what the cosines are multiplied by
   */
  public static LogitDistill divergence(double scale) {
    Positive.check("scale", scale);
    return new LogitDistill(scale);
  }

  @Override
  public String name() {
    return "logit-distill";
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columnsExactly(this, input, 2);
    if (input.targets().size() != 2) {
      throw new IllegalArgumentException(
          "%s needs a teacher's vectors for 2 columns, there are %d"
              .formatted(name(), input.targets().size()));
    }
    Need.sameSize(this, input.targets());
    CosineMatrix student = CosineMatrix.of(input.columns());
    CosineMatrix teacher = CosineMatrix.of(input.targets());
    int lines = input.lines();
    double loss = 0;
    for (int i = 0; i < lines; i++) {
      double[] gradient = student.gradient()[i];
      loss +=
          scale == 0
              ? squares(student.values()[i], teacher.values()[i], gradient, weight / lines)
              : divergence(student.values()[i], teacher.values()[i], gradient, weight / lines);
    }
    student.propagate();
    return loss / lines;
  }

  private static double squares(double[] c, double[] t, double[] gradient, double weight) {
    double sum = 0;
    for (int j = 0; j < c.length; j++) {
      double error = c[j] - t[j];
      sum += error * error;
      gradient[j] += weight * 2 * error / c.length;
    }
    return sum / c.length;
  }

  private double divergence(double[] c, double[] t, double[] gradient, double weight) {
    double[] student = c.clone();
    double[] teacher = t.clone();
    for (int j = 0; j < c.length; j++) {
      student[j] *= scale;
      teacher[j] *= scale;
    }
    double loss = Softmax.divergence(student, teacher);
    for (int j = 0; j < c.length; j++) {
      gradient[j] += weight * scale * student[j];
    }
    return loss;
  }

  @Override
  public String toString() {
    return "%s, scale %s".formatted(name(), scale);
  }
}
