package dev.kumiko.train.loss;

/** What is made from a softmax; the largest logit is taken off first, so that nothing overflows. */
final class Softmax {
  private Softmax() {}

  /** Returns {@code log(sum(exp(logits)))}. */
  static double logSum(double[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    if (!Double.isFinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum);
  }

  /**
   * Replaces logits by the gradient of their cross entropy, {@code P - [i = right]}.
   *
   * @return the cross entropy, {@code -log P_right}
   */
  static double crossEntropy(double[] logits, int right) {
    double logSum = logSum(logits);
    double loss = logSum - logits[right];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Math.exp(logits[i] - logSum);
    }
    logits[right] -= 1;
    return loss;
  }

  /**
   * Replaces a student's logits by the gradient of the divergence, {@code P_student - P_teacher}.
   *
   * @return {@code KL(P_teacher || P_student)}
   */
  static double divergence(double[] student, double[] teacher) {
    double studentSum = logSum(student);
    double teacherSum = logSum(teacher);
    double loss = 0;
    for (int i = 0; i < student.length; i++) {
      double probability = Math.exp(teacher[i] - teacherSum);
      double logOfStudent = student[i] - studentSum;
      loss += probability * (teacher[i] - teacherSum - logOfStudent);
      student[i] = Math.exp(logOfStudent) - probability;
    }
    return loss;
  }
}
