package dev.kumiko.train.model;

import static dev.kumiko.train.Gradients.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.train.BertFixture;
import dev.kumiko.train.Gradients;
import dev.kumiko.train.TrainingFixture;
import dev.kumiko.train.parameter.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors, hidden states and every gradient of a small BERT against autograd. */
class BertGradientTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-mnr",
        "bert-ams",
        "bert-cosent",
        "bert-mse",
        "bert-distill",
        "bert-composed-mnr"
      })
  void gradientsAreThoseOfAutograd(String name) throws IOException {
    BertFixture fixture = BertFixture.open(name);
    TrainingFixture reference = fixture.reference();
    Path file = fixture.writeModel(folder.resolve("model.safetensors"));
    List<int[]> texts = new ArrayList<>(fixture.column("a"));
    int pairs = texts.size();
    texts.addAll(fixture.column("b"));
    PackedTexts packed = BertFixture.packed(texts);
    try (TrainableModel model = TrainableModel.open(file, 2, Memory.KEEP)) {
      Pass pass = model.forward(packed);
      int size = model.description().dimension();
      float[] vectors = pass.vectors();
      assertClose("a", reference.get("vectors.a").array(), part(vectors, 0, pairs * size));
      assertClose("b", reference.get("vectors.b").array(), part(vectors, pairs * size, vectors));
      checkHidden(reference, pass, packed);
      float[] gradient = new float[vectors.length];
      System.arraycopy(reference.get("grad.vectors.a").floats(), 0, gradient, 0, pairs * size);
      float[] ofB = reference.get("grad.vectors.b").floats();
      System.arraycopy(ofB, 0, gradient, pairs * size, ofB.length);
      pass.backward(OutputGradients.ofVectors(gradient));
      checkParameters(reference, model.parameters());
    }
  }

  private static float[] part(float[] x, int from, float[] upTo) {
    return part(x, from, upTo.length);
  }

  private static float[] part(float[] x, int from, int to) {
    return Arrays.copyOfRange(x, from, to);
  }

  private static void checkHidden(TrainingFixture reference, Pass pass, PackedTexts texts) {
    for (int layer = 0; layer <= pass.layers(); layer++) {
      double[] expected = reference.get("first.hidden" + layer).array();
      assertEquals(0, expected.length % texts.tokens(0));
      assertClose("layer " + layer, expected, part(pass.hidden(layer), 0, expected.length));
    }
  }

  private static void checkParameters(TrainingFixture reference, List<Parameter> parameters) {
    for (Parameter parameter : parameters) {
      String name = parameter.name();
      double[] expected = reference.get("grad." + BertFixture.originalName(name)).array();
      // What is added to all keys changes no softmax: this gradient is zero but for rounding, and
      // sums what the queries' are sums of.
      double scale =
          name.endsWith("key.bias")
              ? Gradients.largest(
                  reference
                      .get("grad." + BertFixture.originalName(name.replace("key", "query")))
                      .array())
              : 0;
      assertClose(name, expected, parameter.gradient(), scale);
    }
  }

  /**
   * The gradient that reaches a layer, sent in there, gives the layers below the gradients that
   * they have of the whole: of a batch of one text, so that the reference has all of it.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aGradientMayBeginAtALayer(int layer) throws IOException {
    BertFixture fixture = BertFixture.open("bert-mnr");
    Path file = fixture.writeModel(folder.resolve("model.safetensors"));
    PackedTexts first = BertFixture.packed(fixture.column("a").subList(0, 1));
    TrainingFixture reference = fixture.reference();
    Map<String, double[]> whole = new HashMap<>();
    try (TrainableModel model = TrainableModel.open(file, 1, Memory.KEEP)) {
      float[] vector = part(reference.get("grad.vectors.a").floats(), 0, 32);
      model.forward(first).backward(OutputGradients.ofVectors(vector));
      for (Parameter parameter : model.parameters()) {
        whole.put(parameter.name(), doubles(parameter.gradient()));
      }
      model.clearGradients();
      Pass pass = model.forwardHidden(first, layer);
      float[] arriving = reference.get("first.grad.hidden" + layer).floats();
      pass.backward(OutputGradients.ofHidden(layer, arriving));
      for (Parameter parameter : model.parameters()) {
        double[] all = whole.get(parameter.name());
        double[] expected = isBelow(layer, parameter.name()) ? all : new double[all.length];
        double scale =
            parameter.name().endsWith("key.bias")
                ? Gradients.largest(whole.get(parameter.name().replace("key", "query")))
                : 0;
        assertClose(parameter.name(), expected, parameter.gradient(), scale);
      }
    }
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static boolean isBelow(int layer, String name) {
    return name.startsWith("embeddings.")
        || (name.startsWith("layers.") && name.charAt("layers.".length()) - '0' < layer);
  }
}
