package dev.kumiko.train.loss;

import java.util.List;

/** The cosine of every anchor with every candidate, {@code [anchors][candidates]}. */
final class CosineMatrix {
  private final UnitVectors anchors;
  private final List<UnitVectors> columns;
  private final double[][] values;
  private final double[][] gradient;

  private CosineMatrix(UnitVectors anchors, List<UnitVectors> columns) {
    this.anchors = anchors;
    this.columns = columns;
    int lines = anchors.count();
    this.values = new double[lines][lines * columns.size()];
    this.gradient = new double[lines][lines * columns.size()];
  }

  /** Compares the first column with all others; line {@code j} of column c is c * lines + j. */
  static CosineMatrix of(List<SentenceVectors> vectors) {
    List<UnitVectors> units = vectors.stream().map(UnitVectors::of).toList();
    CosineMatrix matrix = new CosineMatrix(units.getFirst(), units.subList(1, units.size()));
    int lines = matrix.lines();
    for (int i = 0; i < lines; i++) {
      for (int c = 0; c < matrix.columns.size(); c++) {
        for (int j = 0; j < lines; j++) {
          matrix.values[i][c * lines + j] = matrix.anchors.cosine(i, matrix.columns.get(c), j);
        }
      }
    }
    return matrix;
  }

  int lines() {
    return anchors.count();
  }

  double[][] values() {
    return values;
  }

  /** The gradient with respect to the cosines, to be added to. */
  double[][] gradient() {
    return gradient;
  }

  /**
   * Mean over the anchors of the cross entropy of {@code scale (cosine - margin [i = j])} with the
   * anchor's own positive.
   */
  double crossEntropyOfAnchors(double scale, double margin, double weight) {
    double loss = 0;
    for (int i = 0; i < lines(); i++) {
      double[] logits = values[i].clone();
      logits[i] -= margin;
      for (int j = 0; j < logits.length; j++) {
        logits[j] *= scale;
      }
      loss += Softmax.crossEntropy(logits, i);
      for (int j = 0; j < logits.length; j++) {
        gradient[i][j] += weight * scale / lines() * logits[j];
      }
    }
    return loss / lines();
  }

  /** The same the other way round: each positive with all anchors. */
  double crossEntropyOfPositives(double scale, double margin, double weight) {
    double loss = 0;
    for (int j = 0; j < lines(); j++) {
      double[] logits = new double[lines()];
      for (int i = 0; i < lines(); i++) {
        logits[i] = scale * (i == j ? values[i][j] - margin : values[i][j]);
      }
      loss += Softmax.crossEntropy(logits, j);
      for (int i = 0; i < lines(); i++) {
        gradient[i][j] += weight * scale / lines() * logits[i];
      }
    }
    return loss / lines();
  }

  /** Adds the gradient to the vectors' own. */
  void propagate() {
    int lines = lines();
    for (int i = 0; i < lines; i++) {
      for (int c = 0; c < columns.size(); c++) {
        for (int j = 0; j < lines; j++) {
          anchors.addCosineGradient(i, columns.get(c), j, gradient[i][c * lines + j]);
        }
      }
    }
    anchors.propagate();
    columns.forEach(UnitVectors::propagate);
  }
}
