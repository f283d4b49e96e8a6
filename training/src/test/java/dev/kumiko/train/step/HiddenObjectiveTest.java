package dev.kumiko.train.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.Pooling;
import dev.kumiko.train.BertFixture;
import dev.kumiko.train.ModelFiles;
import dev.kumiko.train.model.Memory;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.step.HiddenObjective.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiddenObjectiveTest {
  private static final int MAX_TOKENS = 20;

  @TempDir private Path folder;

  private Path file(int hidden, int words, long seed) throws IOException {
    Architecture architecture =
        new Architecture("bert", 3, hidden, 2, 7, Activation.GELU, 1e-5, words, MAX_TOKENS, 2);
    ModelDescription description =
        ModelFiles.description(architecture, new Head(Pooling.MEAN, false));
    return ModelFiles.write(
        folder.resolve("%d-%d-%d".formatted(hidden, words, seed)),
        description,
        ModelFiles.random(description, seed));
  }

  private static PackedTexts texts() {
    return BertFixture.packed(List.of(new int[] {2, 5, 9, 4, 3}, new int[] {2, 3}));
  }

  private static HiddenObjective objective(
      TrainableModel model, TeacherModel teacher, int layers, Part part) throws IOException {
    return new HiddenObjective(model, teacher, model.tokenizer(), MAX_TOKENS, layers, part);
  }

  private static double loss(TrainableModel model, TeacherModel teacher, int layers) {
    float[] x = model.hidden(texts(), layers);
    float[] t = teacher.model().hidden(texts(), layers);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.pow((double) x[i] - t[i], 2);
    }
    return sum / x.length;
  }

  /** A step along the gradient changes the loss by its squared length times the step. */
  @Test
  void theGradientIsThatOfTheMeanSquare() throws IOException {
    for (int layers = 0; layers <= 3; layers++) {
      try (TrainableModel model = TrainableModel.open(file(12, 11, 1), 2, Memory.KEEP);
          TeacherModel teacher = TeacherModel.open(file(12, 11, 2), 1, false)) {
        double weight = 0.5;
        double loss = objective(model, teacher, layers, Part.ALL).add(texts(), weight);
        assertEquals(loss(model, teacher, layers), loss, 1e-12);
        double square = 0;
        for (Parameter parameter : model.parameters()) {
          for (float g : parameter.gradient()) {
            square += (double) g * g;
          }
        }
        // The loss is rounded by 1e-7, the curve's third order is about the step's square.
        double step = 1e-3 / Math.sqrt(square);
        double forth = lossAfter(model, teacher, layers, step);
        double back = lossAfter(model, teacher, layers, -2 * step);
        assertEquals(square, weight * (forth - back) / (2 * step), 2e-3 * square);
      }
    }
  }

  private static double lossAfter(
      TrainableModel model, TeacherModel teacher, int layers, double step) {
    for (Parameter parameter : model.parameters()) {
      for (int i = 0; i < parameter.values().length; i++) {
        parameter.values()[i] += (float) (step * parameter.gradient()[i]);
      }
    }
    model.refresh();
    return loss(model, teacher, layers);
  }

  @Test
  void whatLiesBehindTheLayersStaysAsItIs() throws IOException {
    try (TrainableModel model = TrainableModel.open(file(12, 11, 1), 1, Memory.KEEP);
        TeacherModel teacher = TeacherModel.open(file(12, 11, 2), 1, false)) {
      objective(model, teacher, 2, Part.ALL);
      for (Parameter parameter : model.parameters()) {
        assertEquals(
            parameter.name().startsWith("layers.2."), parameter.isFrozen(), parameter.name());
      }
      objective(model, teacher, 2, Part.TOKEN_TABLE);
      for (Parameter parameter : model.parameters()) {
        assertEquals(
            !parameter.name().equals("embeddings.token.weight"),
            parameter.isFrozen(),
            parameter.name());
      }
    }
  }

  @Test
  void modelsWithoutCommonTokensOrSizesAreRefused() throws IOException {
    try (TeacherModel teacher = TeacherModel.open(file(12, 11, 2), 1, false)) {
      assertRefused(
          file(10, 11, 1),
          teacher,
          2,
          "The model's token vectors have 10 components, the teacher's 12; learn from its sentence vectors instead");
      assertRefused(
          file(12, 13, 1),
          teacher,
          2,
          "The model and the teacher have different tokenizers, so that their tokens have no counterparts; learn from its sentence vectors instead");
      assertRefused(
          file(12, 11, 1), teacher, 4, "Token vectors after layer 4, but there are only 3");
    }
  }

  private static void assertRefused(Path file, TeacherModel teacher, int layers, String message)
      throws IOException {
    try (TrainableModel model = TrainableModel.open(file, 1, Memory.KEEP)) {
      assertEquals(
          message,
          assertThrows(
                  IllegalArgumentException.class, () -> objective(model, teacher, layers, Part.ALL))
              .getMessage());
    }
  }
}
