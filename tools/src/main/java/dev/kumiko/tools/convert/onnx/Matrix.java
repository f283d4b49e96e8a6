package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.Weight;

/** Reads rows of a weight where it lies. */
record Matrix(Weight weight) {
  int rows() {
    return Math.toIntExact(weight.shape().get(0));
  }

  /** Returns a row. */
  double[] row(int row) {
    int columns = Math.toIntExact(weight.shape().get(1));
    double[] values = new double[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = weight.number(row, i);
    }
    return values;
  }

  /** Returns all elements of a vector. */
  double[] column() {
    double[] values = new double[rows()];
    for (int i = 0; i < values.length; i++) {
      values[i] = weight.number(i, 0);
    }
    return values;
  }
}
