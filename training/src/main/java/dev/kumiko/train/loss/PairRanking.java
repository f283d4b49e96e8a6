package dev.kumiko.train.loss;

/**
 * Pairs with a higher label shall have a higher similarity:
 *
 * <pre>
 * loss = log(1 + sum over y_i &lt; y_j of exp(scale (s_i - s_j)))
 * w_ij = exp(scale (s_i - s_j)) / (1 + sum);  ds_i += scale w_ij;  ds_j -= scale w_ij
 * </pre>
 */
final class PairRanking {
  private PairRanking() {}

  /**
   * Returns the loss.
   *
   * @param gradient receives the gradient with respect to the similarities
   */
  static double apply(double[] similarities, double[] labels, double scale, double[] gradient) {
    int lines = similarities.length;
    double largest = 0; // exp(0) is the 1 in the logarithm
    for (int i = 0; i < lines; i++) {
      for (int j = 0; j < lines; j++) {
        if (labels[i] < labels[j]) {
          largest = Math.max(largest, scale * (similarities[i] - similarities[j]));
        }
      }
    }
    double sum = Math.exp(-largest);
    for (int i = 0; i < lines; i++) {
      for (int j = 0; j < lines; j++) {
        if (labels[i] < labels[j]) {
          double term = Math.exp(scale * (similarities[i] - similarities[j]) - largest);
          sum += term;
          gradient[i] += term;
          gradient[j] -= term;
        }
      }
    }
    for (int i = 0; i < lines; i++) {
      gradient[i] *= scale / sum;
    }
    return largest + Math.log(sum);
  }
}
