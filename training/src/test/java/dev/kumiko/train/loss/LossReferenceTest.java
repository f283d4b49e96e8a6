package dev.kumiko.train.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.train.loss.Matryoshka.Cut;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Values and gradients of autograd in double precision. */
class LossReferenceTest {
  /** Sums in another order, of some hundred terms. */
  private static final double DOUBLE = 1e-13;

  /** The projection is stored in single precision. */
  private static final double FLOAT = 2e-7;

  private static final double[] NONE = {};

  @FunctionalInterface
  private interface Case {
    void check(String name) throws Exception;
  }

  @Test
  void everyLossEqualsItsReference() throws Exception {
    Map<String, Case> cases = cases();
    assertEquals(Set.copyOf(Reference.names()), cases.keySet());
    for (Map.Entry<String, Case> entry : cases.entrySet()) {
      entry.getValue().check(entry.getKey());
    }
  }

  private static Map<String, Case> cases() {
    double[] labels = Reference.values("labels");
    double[] scores = Reference.values("scores");
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("mnr", pairs(new MultipleNegativesRanking(), "ab", NONE));
    cases.put("mnr_hard", pairs(new MultipleNegativesRanking(), "abc", NONE));
    cases.put("mnr_scale50_hard", pairs(new MultipleNegativesRanking(50, false), "abc", NONE));
    cases.put("mnr_symmetric", pairs(new MultipleNegativesRanking(20, true), "ab", NONE));
    cases.put("ams", pairs(new AdditiveMarginSoftmax(), "ab", NONE));
    cases.put("ams_scale1", pairs(new AdditiveMarginSoftmax(1, 0.3), "ab", NONE));
    cases.put("cosent", pairs(new CoSent(), "ab", labels));
    cases.put("angle", pairs(new AnglE(), "ab", labels));
    cases.put("cosine_similarity", pairs(new CosineSimilarity(), "ab", labels));
    cases.put("mse", distance(new VectorDistance.Mse()));
    cases.put("smooth_l1", distance(new VectorDistance.SmoothL1(1)));
    cases.put("huber", distance(new VectorDistance.Huber(0.5)));
    cases.put("cosine_distill", distance(new VectorDistance.Cosine()));
    cases.put("l2_distill", distance(new VectorDistance.L2()));
    cases.put("feature_distill", LossReferenceTest::featureDistillation);
    cases.put("logit_distill_mse", logits(LogitDistill.squared()));
    cases.put("logit_distill_kl", logits(LogitDistill.divergence(20)));
    cases.put("margin_mse", pairs(new MarginMse(), "abc", firstTwoOfThree(scores)));
    cases.put("distill_kl_div", pairs(new DistillKlDiv(1), "abcd", scores));
    cases.put("distill_kl_div_t2", pairs(new DistillKlDiv(2), "abcd", scores));
    List<Cut> cuts = List.of(new Cut(10, 1), new Cut(6, 1), new Cut(3, 1));
    cases.put(
        "matryoshka_mnr", pairs(new Matryoshka(new MultipleNegativesRanking(), cuts), "ab", NONE));
    return cases;
  }

  private static Case pairs(Loss loss, String columns, double[] labels) {
    return name -> Reference.check(name, loss, columns, labels, DOUBLE);
  }

  private static Case distance(VectorDistance distance) {
    return name -> Reference.check(name, new EmbedDistill(distance), "a", NONE, DOUBLE, "teacher");
  }

  private static Case logits(Loss loss) {
    return name -> Reference.check(name, loss, "ab", NONE, DOUBLE, "teacher14", "teacher14_b");
  }

  private static double[] firstTwoOfThree(double[] scores) {
    double[] two = new double[scores.length / 3 * 2];
    for (int i = 0; i < two.length; i++) {
      two[i] = scores[i / 2 * 3 + i % 2];
    }
    return two;
  }

  private static void featureDistillation(String name) throws Exception {
    Parameter weight =
        new Parameter("projection.weight", Kind.WEIGHT, 14, 10, Reference.floats("weight"));
    Parameter bias =
        new Parameter("projection.bias", Kind.BIAS_OR_NORM, 1, 14, Reference.floats("bias"));
    Loss loss = new Normalized(new Projected(EmbedDistill.mse(), weight, bias));
    assertEquals(List.of(weight, bias), loss.parameters());
    Reference.check(name, loss, "a", NONE, FLOAT, "teacher14");
    Reference.compare("weight", Reference.gradient(name, "weight"), doubles(weight), FLOAT);
    Reference.compare("bias", Reference.gradient(name, "bias"), doubles(bias), FLOAT);
  }

  private static double[] doubles(Parameter parameter) {
    double[] gradient = new double[parameter.gradient().length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = parameter.gradient()[i];
    }
    return gradient;
  }

  /** Margins as labels instead of scores. */
  @Test
  void marginsAndScoresAreTheSameToMarginMse() {
    double[] scores = firstTwoOfThree(Reference.values("scores"));
    double[] margins = new double[scores.length / 2];
    for (int i = 0; i < margins.length; i++) {
      margins[i] = scores[2 * i] - scores[2 * i + 1];
    }
    double expected = new MarginMse().apply(Reference.input("abc", scores));
    assertEquals(expected, new MarginMse().apply(Reference.input("abc", margins)));
  }
}
