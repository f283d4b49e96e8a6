package dev.kumiko.train.loss;

/** How far a vector is from the one it should be. */
public sealed interface VectorDistance {
  /** {@return the name of the loss} */
  String name();

  /**
   * Returns the mean distance of two columns of the same shape and adds {@code weight} times its
   * gradient to the student's.
   *
   * @param student the vectors that learn, whose gradient is added to
   * @param teacher what they are to be like
   * @param weight what the gradient is multiplied by
   * @return the distance, without the weight
   */
  double apply(SentenceVectors student, SentenceVectors teacher, double weight);

  /** {@code mean of 1 - cos(s, t)}; {@code ds = -(t / |t| - cos s / |s|) / (|s| lines)}. */
  record Cosine() implements VectorDistance {
    @Override
    public String name() {
      return "cosine-distill";
    }

    @Override
    public double apply(SentenceVectors student, SentenceVectors teacher, double weight) {
      UnitVectors s = UnitVectors.of(student);
      UnitVectors t = UnitVectors.of(teacher);
      double sum = 0;
      for (int i = 0; i < student.count(); i++) {
        sum += 1 - s.cosine(i, t, i);
        Rows.addScaled(
            -weight / student.count(),
            t.units().values(),
            i,
            s.units().gradient(),
            i,
            student.size());
      }
      s.propagate();
      return sum / student.count();
    }
  }

  /**
   * {@code mean of |s - t|}; {@code ds = (s - t) / (|s - t| lines)}, nothing where they are equal.
   */
  record L2() implements VectorDistance {
    @Override
    public String name() {
      return "l2-distill";
    }

    @Override
    public double apply(SentenceVectors student, SentenceVectors teacher, double weight) {
      int size = student.size();
      double sum = 0;
      for (int row = 0; row < student.count(); row++) {
        double square = 0;
        for (int i = row * size; i < (row + 1) * size; i++) {
          double error = student.values()[i] - teacher.values()[i];
          square += error * error;
        }
        double length = Math.sqrt(square);
        sum += length;
        if (length != 0) {
          double factor = weight / (length * student.count());
          for (int i = row * size; i < (row + 1) * size; i++) {
            student.gradient()[i] += factor * (student.values()[i] - teacher.values()[i]);
          }
        }
      }
      return sum / student.count();
    }
  }

  /** A distance that is a mean over all components. */
  sealed interface ByComponent extends VectorDistance {
    /**
     * {@return the distance of one component}
     *
     * @param error the student's component without the teacher's
     */
    double of(double error);

    /**
     * {@return its derivative}
     *
     * @param error the student's component without the teacher's
     */
    double derivative(double error);

    @Override
    default double apply(SentenceVectors student, SentenceVectors teacher, double weight) {
      int count = student.values().length;
      double sum = 0;
      for (int i = 0; i < count; i++) {
        double error = student.values()[i] - teacher.values()[i];
        sum += of(error);
        student.gradient()[i] += weight / count * derivative(error);
      }
      return sum / count;
    }
  }

  /** {@code mean of e^2}, e = s - t; {@code ds = 2 e / n}. */
  record Mse() implements ByComponent {
    @Override
    public String name() {
      return "mse";
    }

    @Override
    public double of(double error) {
      return error * error;
    }

    @Override
    public double derivative(double error) {
      return 2 * error;
    }
  }

  /**
   * {@code mean of e^2 / (2 beta) where |e| < beta, else of |e| - beta / 2}; {@code ds = clamp(e /
   * beta, -1, 1) / n} (Girshick, arXiv 1504.08083, equation 3).
   *
   * @param beta up to which error it is a square; customary 1
   */
  record SmoothL1(double beta) implements ByComponent {
    /** Checks beta. */
    public SmoothL1 {
      Positive.check("beta", beta);
    }

    @Override
    public String name() {
      return "smooth-l1";
    }

    @Override
    public double of(double error) {
      double size = Math.abs(error);
      return size < beta ? error * error / (2 * beta) : size - beta / 2;
    }

    @Override
    public double derivative(double error) {
      return Math.clamp(error / beta, -1, 1);
    }
  }

  /**
   * {@code delta} times {@link SmoothL1} with {@code beta = delta}: {@code ds = clamp(e, -delta,
   * delta) / n}.
   *
   * @param delta up to which error it is a square
   */
  record Huber(double delta) implements ByComponent {
    /** Checks delta. */
    public Huber {
      Positive.check("delta", delta);
    }

    @Override
    public String name() {
      return "huber";
    }

    @Override
    public double of(double error) {
      double size = Math.abs(error);
      return size < delta ? error * error / 2 : delta * (size - delta / 2);
    }

    @Override
    public double derivative(double error) {
      return Math.clamp(error, -delta, delta);
    }
  }
}
