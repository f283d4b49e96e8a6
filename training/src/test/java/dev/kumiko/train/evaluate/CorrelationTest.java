package dev.kumiko.train.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.train.random.SeededRandom;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;

class CorrelationTest {
  @Test
  void equalsCommonsMath() {
    SeededRandom random = new SeededRandom(1);
    for (int count : new int[] {2, 3, 10, 1501}) {
      for (int distinct : new int[] {3, 26, 1 << 30}) {
        double[] x = new double[count];
        double[] y = new double[count];
        for (int i = 0; i < count; i++) {
          x[i] = random.nextInt(distinct);
          y[i] = x[i] + random.nextInt(distinct);
        }
        x[0] = -1;
        y[0] = -3;
        assertEquals(
            new SpearmansCorrelation().correlation(x, y), Correlation.spearman(x, y), 1e-13);
        assertEquals(new PearsonsCorrelation().correlation(x, y), Correlation.pearson(x, y), 1e-13);
      }
    }
  }

  @Test
  void whatIsConstantOrNoNumberHasNone() {
    double[] x = {0.1, 0.1, 0.1};
    double[] y = {1, 2, 3};
    double[] broken = {1, Double.NaN, 3};
    assertEquals(Double.NaN, Correlation.pearson(x, y));
    assertEquals(Double.NaN, Correlation.spearman(y, x));
    assertEquals(Double.NaN, Correlation.spearman(broken, y));
    assertEquals(Double.NaN, Correlation.pearson(y, broken));
    assertEquals(Double.NaN, Correlation.spearman(new double[1], new double[1]));
    assertEquals(Double.NaN, Correlation.spearman(new double[0], new double[0]));
    assertThrows(IllegalArgumentException.class, () -> Correlation.spearman(x, new double[2]));
  }
}
