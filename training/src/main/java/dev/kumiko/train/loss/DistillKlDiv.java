package dev.kumiko.train.loss;

/**
 * A query's distribution over its texts, by scalar product, shall be the teacher's:
 *
 * <pre>
 * s_ik = q_i . d_ik / T,  t_ik = label_ik / T
 * loss = T^2 mean over i of KL(softmax(t_i) || softmax(s_i))
 * d(q_i . d_ik) = T (softmax(s_i) - softmax(t_i))_k / lines
 * </pre>
 *
 * Labels of a line: a score for each text behind the query. In sentence-transformers {@code
 * DistillKLDivLoss}.
 *
 * <p>Source: Lin et al., "In-batch negatives for knowledge distillation with tightly-coupled
 * teachers", 2021; Hinton et al., arXiv 1503.02531, section 2.
 *
 * @param temperature T; customary 1
 */
public record DistillKlDiv(double temperature) implements Loss {
  /** Checks the temperature. */
  public DistillKlDiv {
    Positive.check("temperature", temperature);
  }

  @Override
  public String name() {
    return "distill-kl-div";
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columns(this, input, 3);
    int texts = input.columns().size() - 1;
    double[] labels = Need.labels(this, input, texts);
    SentenceVectors query = input.columns().getFirst();
    double loss = 0;
    for (int i = 0; i < input.lines(); i++) {
      double[] student = new double[texts];
      double[] teacher = new double[texts];
      for (int k = 0; k < texts; k++) {
        student[k] = Rows.dot(query, i, input.columns().get(1 + k), i) / temperature;
        teacher[k] = labels[i * texts + k] / temperature;
      }
      loss += Softmax.divergence(student, teacher);
      for (int k = 0; k < texts; k++) {
        double gradient = weight * temperature * student[k] / input.lines();
        Rows.addDotGradient(query, i, input.columns().get(1 + k), i, gradient);
      }
    }
    return temperature * temperature * loss / input.lines();
  }
}
