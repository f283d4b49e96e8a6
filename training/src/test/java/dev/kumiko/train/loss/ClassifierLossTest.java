package dev.kumiko.train.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.Json;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cross entropies against PyTorch's, with logits up to 800. */
class ClassifierLossTest {
  @ParameterizedTest
  @ValueSource(strings = {"multi", "binary", "weighted"})
  void equalsPyTorch(String name) throws Exception {
    Json reference;
    try (InputStream in = getClass().getResourceAsStream("/fixtures/classifier-losses.json")) {
      reference = Json.parse("classifier-losses", in).get(name);
    }
    Loss loss =
        switch (name) {
          case "multi" -> new CrossEntropy();
          case "binary" -> new BinaryCrossEntropy();
          default -> new BinaryCrossEntropy(3);
        };
    double[] labels = numbers(reference.get("labels"));
    double[] logits = numbers(reference.get("logits"));
    SentenceVectors column =
        new SentenceVectors(labels.length, logits.length / labels.length, logits);
    double expected = reference.get("loss").asDouble();
    double value = loss.apply(new LossInput(List.of(column), labels, List.of()));
    assertEquals(expected, value, 1e-14 * expected);
    Reference.compare(name, numbers(reference.get("gradient")), column.gradient(), 1e-14);
  }

  private static double[] numbers(Json list) throws Exception {
    double[] numbers = new double[list.items().size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.items().get(i).asDouble();
    }
    return numbers;
  }
}
