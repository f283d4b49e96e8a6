package dev.kumiko.train.model;

import static dev.kumiko.train.Gradients.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.train.Gradients;
import dev.kumiko.train.ModelFiles;
import dev.kumiko.train.parameter.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every gradient of every part against central differences of a forward pass in double. */
class CentralDifferencesTest {
  private static final double STEP = 1e-5;

  /** Token 1 is padding to some models; tokens 0 and 9 are not used. */
  private static final int[][] TEXTS = {
    {2, 4, 5, 6, 4, 10, 3}, {7}, {2, 1, 8, 3}, {5, 5}, {2, 1, 1, 4, 8, 7, 6, 5, 3}
  };

  private static final int[] FIRST_LENGTHS = {3, 1, 4, 1, 9};

  @TempDir private Path folder;

  static Set<String> models() {
    return SmallModels.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsAreSlopes(String name) throws IOException {
    ModelDescription description = SmallModels.all().get(name);
    Map<String, float[]> weights = ModelFiles.random(description, 5);
    ReferenceModel reference = new ReferenceModel(description, weights);
    Path file = ModelFiles.write(folder.resolve("model"), description, weights);
    try (TrainableModel model = TrainableModel.open(file, 2, Memory.KEEP)) {
      Pass pass = model.forward(texts());
      int middle = 1;
      float[] ofVectors = random(pass.vectors().length, 1);
      float[] ofHidden = random(pass.hidden(middle).length, 2);
      assertClose("vectors", vectors(reference), pass.vectors());
      pass.backward(OutputGradients.ofVectors(ofVectors).andHidden(middle, ofHidden));
      for (Parameter parameter : model.parameters()) {
        double[] slopes = slopes(reference, parameter.name(), ofVectors, ofHidden, middle);
        assertClose(parameter.name(), slopes, parameter.gradient(), scale(model, parameter));
      }
    }
  }

  /** What is added to all keys alike changes no softmax: zero but for the rounding of its terms. */
  private static double scale(TrainableModel model, Parameter parameter) {
    if (!parameter.name().endsWith("key.bias")) {
      return 0;
    }
    String queries = parameter.name().replace("key", "query");
    return model.parameters().stream()
        .filter(other -> other.name().equals(queries))
        .mapToDouble(other -> Gradients.largest(ReferenceModel.doubles(other.gradient())))
        .sum();
  }

  private static PackedTexts texts() {
    PackedTexts texts = new PackedTexts();
    for (int i = 0; i < TEXTS.length; i++) {
      texts.add(TEXTS[i], FIRST_LENGTHS[i]);
    }
    return texts;
  }

  private static int[] types(ReferenceModel reference, int text) {
    int[] types = new int[TEXTS[text].length];
    int last = reference.tokenTypes() - 1;
    Arrays.setAll(types, i -> Math.min(last, i < FIRST_LENGTHS[text] ? 0 : 1));
    return types;
  }

  private static float[] random(int count, int seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] vectors(ReferenceModel reference) {
    double[] all = {};
    for (int text = 0; text < TEXTS.length; text++) {
      double[] vector = reference.vector(TEXTS[text], types(reference, text));
      int from = all.length;
      all = Arrays.copyOf(all, from + vector.length);
      System.arraycopy(vector, 0, all, from, vector.length);
    }
    return all;
  }

  private static double[] slopes(
      ReferenceModel reference, String name, float[] ofVectors, float[] ofHidden, int middle) {
    double[] values = reference.weights().get(name);
    double[] slopes = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + STEP;
      double above = objective(reference, ofVectors, ofHidden, middle);
      values[i] = value - STEP;
      double below = objective(reference, ofVectors, ofHidden, middle);
      values[i] = value;
      slopes[i] = (above - below) / (2 * STEP);
    }
    return slopes;
  }

  private static double objective(
      ReferenceModel reference, float[] ofVectors, float[] ofHidden, int middle) {
    double sum = dot(vectors(reference), ofVectors, 0);
    int from = 0;
    for (int text = 0; text < TEXTS.length; text++) {
      List<double[][]> states = reference.hidden(TEXTS[text], types(reference, text));
      for (double[] row : states.get(middle)) {
        sum += dot(row, ofHidden, from);
        from += row.length;
      }
    }
    assertEquals(ofHidden.length, from);
    return sum;
  }

  private static double dot(double[] x, float[] y, int from) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[from + i];
    }
    return sum;
  }
}
