package dev.kumiko.train.student;

import dev.kumiko.table.TokenTable;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealVector;

/**
 * The directions in which the rows of a table differ most. With m the mean row and C the covariance
 * {@code mean of (x - m)(x - m)'}, row x becomes {@code P (x - m)}, where the rows of P are the
 * eigenvectors of C with the largest eigenvalues: no other map to so few components keeps more of
 * the rows' variance.
 *
 * <p>Source: Pearson, "On lines and planes of closest fit to systems of points in space", 1901.
 */
final class PrincipalComponents {
  private final double[] mean;

  /** {@code [components][hidden]}, orthonormal rows. */
  private final double[][] axes;

  private PrincipalComponents(double[] mean, double[][] axes) {
    this.mean = mean;
    this.axes = axes;
  }

  /**
   * Finds them.
   *
   * @param table finite rows
   * @param components how many, at most as many as a row has
   */
  static PrincipalComponents of(TokenTable table, int components) {
    double[] mean = mean(table);
    EigenDecomposition eigen =
        new EigenDecomposition(new Array2DRowRealMatrix(covariance(table, mean), false));
    double[][] axes = new double[components][];
    for (int i = 0; i < components; i++) {
      RealVector axis = eigen.getEigenvector(i); // the largest eigenvalue comes first
      axes[i] = axis.toArray();
    }
    return new PrincipalComponents(mean, axes);
  }

  private static double[] mean(TokenTable table) {
    double[] mean = new double[table.hiddenSize()];
    float[] row = new float[mean.length];
    for (int token = 0; token < table.tokens(); token++) {
      table.copy(token, row, 0);
      for (int i = 0; i < row.length; i++) {
        mean[i] += row[i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= table.tokens();
    }
    return mean;
  }

  private static double[][] covariance(TokenTable table, double[] mean) {
    int size = mean.length;
    double[][] covariance = new double[size][size];
    float[] row = new float[size];
    double[] centred = new double[size];
    for (int token = 0; token < table.tokens(); token++) {
      table.copy(token, row, 0);
      for (int i = 0; i < size; i++) {
        centred[i] = row[i] - mean[i];
      }
      for (int i = 0; i < size; i++) {
        double factor = centred[i];
        double[] target = covariance[i];
        for (int j = 0; j <= i; j++) {
          target[j] += factor * centred[j];
        }
      }
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        covariance[i][j] /= table.tokens();
        covariance[j][i] = covariance[i][j];
      }
    }
    return covariance;
  }

  /** Returns all rows in few components, {@code [tokens][components]}. */
  float[] apply(TokenTable table) {
    float[] result = new float[Math.multiplyExact(table.tokens(), axes.length)];
    float[] row = new float[mean.length];
    for (int token = 0; token < table.tokens(); token++) {
      table.copy(token, row, 0);
      for (int c = 0; c < axes.length; c++) {
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
          sum += axes[c][i] * (row[i] - mean[i]);
        }
        result[token * axes.length + c] = (float) sum;
      }
    }
    return result;
  }
}
