package dev.kumiko.train.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.kumiko.train.loss.Matryoshka.Cut;
import dev.kumiko.train.loss.WeightedSum.Part;
import dev.kumiko.train.random.SeededRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run is resumed in another process: what a loss says of itself has to be the same there. */
class LossSettingsTest {
  private static List<Loss> losses(double scale) {
    Loss projected = Projected.random(EmbedDistill.mse(), 3, 5, new SeededRandom(1));
    return List.of(
        new CoSent(scale),
        new AnglE(scale),
        new MultipleNegativesRanking(scale, true),
        new AdditiveMarginSoftmax(scale, 0.3),
        new Matryoshka(new CoSent(scale), List.of(new Cut(2, 1))),
        new Normalized(new CoSent(scale)),
        LogitDistill.divergence(scale),
        new WeightedSum("sum", List.of(new Part(scale, projected))),
        Projected.random(new CoSent(scale), 3, 5, new SeededRandom(1)));
  }

  @Test
  void twoOfTheSameSettingsSayTheSameAndOthersDoNot() {
    List<Loss> once = losses(20);
    List<Loss> again = losses(20);
    List<Loss> others = losses(21);
    for (int i = 0; i < once.size(); i++) {
      assertEquals(once.get(i).toString(), again.get(i).toString());
      assertNotEquals(once.get(i).toString(), others.get(i).toString());
    }
  }
}
