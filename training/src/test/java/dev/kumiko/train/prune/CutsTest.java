package dev.kumiko.train.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CutsTest {
  @Test
  void eachHalfHasItsLeastLoss() {
    assertEquals(new Cuts(2, 5), Cuts.of(new double[] {9, 5, 3, 4, 6, 2, 3}));
    assertEquals(new Cuts(1, 3), Cuts.of(new double[] {9, 5, 6, 4}));
  }

  @Test
  void theEmbeddingsAreNoCut() {
    assertEquals(new Cuts(2, 4), Cuts.of(new double[] {0, 5, 3, 4, 1}));
  }

  @Test
  void ofEqualLossesTheFirstCounts() {
    assertEquals(new Cuts(1, 3), Cuts.of(new double[] {9, 5, 5, 4, 4}));
  }

  @Test
  void theLastLayerIsTheLargeCutWhereItIsBest() {
    assertEquals(new Cuts(1, 4), Cuts.of(new double[] {9, 5, 6, 4, 1}));
  }

  @Test
  void whatCannotBeChosenFromIsRefused() {
    assertEquals(
        "The model has 1 layer; a cut needs 2 at least",
        assertThrows(IllegalArgumentException.class, () -> Cuts.of(new double[] {1, 2}))
            .getMessage());
    assertEquals(
        "The loss after layer 2 is NaN; no cut can be chosen",
        assertThrows(
                IllegalArgumentException.class, () -> Cuts.of(new double[] {1, 2, Double.NaN, 3}))
            .getMessage());
  }
}
