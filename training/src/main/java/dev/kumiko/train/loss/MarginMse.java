package dev.kumiko.train.loss;

/**
 * The margin between a query's positive and each of its negatives shall be the teacher's, in scalar
 * products:
 *
 * <pre>
 * m_ik = q_i . p_i - q_i . n_ik
 * loss = mean over i, k of (m_ik - t_ik)^2
 * dq = sum over k of g_k (p - n_k),  dp = sum over k of g_k q,  dn_k = -g_k q,
 *      g_k = 2 (m_k - t_k) / (lines negatives)
 * </pre>
 *
 * Labels of a line: a margin for each negative, or a score for the positive and for each negative.
 * In sentence-transformers {@code MarginMSELoss}.
 *
 * <p>Source: Hofstätter et al., arXiv 2010.02666, section 3.
 */
public record MarginMse() implements Loss {
  @Override
  public String name() {
    return "margin-mse";
  }

  @Override
  public double apply(LossInput input, double weight) {
    Need.columns(this, input, 3);
    int negatives = input.columns().size() - 2;
    boolean scores = input.labelsPerLine() == negatives + 1;
    double[] labels = Need.labels(this, input, scores ? negatives + 1 : negatives);
    SentenceVectors query = input.columns().get(0);
    SentenceVectors positive = input.columns().get(1);
    int terms = input.lines() * negatives;
    double loss = 0;
    for (int i = 0; i < input.lines(); i++) {
      double score = Rows.dot(query, i, positive, i);
      for (int k = 0; k < negatives; k++) {
        SentenceVectors negative = input.columns().get(2 + k);
        double margin =
            scores
                ? labels[i * (negatives + 1)] - labels[i * (negatives + 1) + 1 + k]
                : labels[i * negatives + k];
        double error = score - Rows.dot(query, i, negative, i) - margin;
        loss += error * error;
        double gradient = weight * 2 * error / terms;
        Rows.addDotGradient(query, i, positive, i, gradient);
        Rows.addDotGradient(query, i, negative, i, -gradient);
      }
    }
    return loss / terms;
  }
}
