package dev.kumiko.train.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.TensorNames;
import dev.kumiko.train.BertFixture;
import dev.kumiko.train.ModelFiles;
import dev.kumiko.train.model.Memory;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.student.ThinStudent.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThinStudentTest {
  private static final int WORDS = 200;
  private static final int TEACHER_SIZE = 24;
  private static final ThinStudent SIZES = new ThinStudent(3, 10, 5, 40);

  @TempDir private Path folder;

  private Path teacher() throws IOException {
    Architecture architecture =
        new Architecture("bert", 1, TEACHER_SIZE, 2, 7, Activation.GELU, 1e-5, WORDS, 20, 2);
    ModelDescription description =
        ModelFiles.description(architecture, new Head(Pooling.CLS, false));
    return ModelFiles.write(
        folder.resolve("teacher"), description, ModelFiles.random(description, 8));
  }

  private byte[] bytes(Path teacher, Table table, long seed) throws IOException {
    Path target = folder.resolve("student");
    SIZES.write(teacher, target, table, seed);
    return Files.readAllBytes(target);
  }

  @Test
  void aSeedGivesTheSameBytes() throws IOException {
    Path teacher = teacher();
    for (Table table : Table.values()) {
      byte[] bytes = bytes(teacher, table, 1);
      assertArrayEquals(bytes, bytes(teacher, table, 1));
      assertFalse(Arrays.equals(bytes, bytes(teacher, table, 2)));
    }
  }

  @Test
  void itIsAModelWithTheTeachersTokensAndVectorsOfItsOwnSize() throws IOException {
    Path student = folder.resolve("student");
    SIZES.write(teacher(), student, Table.RANDOM, 1);
    try (TrainableModel model = TrainableModel.open(student, 1, Memory.KEEP);
        TrainableModel teacher = TrainableModel.open(teacher(), 1, Memory.KEEP)) {
      assertEquals(new Head(Pooling.CLS, true), model.description().head());
      assertEquals(3, model.layers());
      assertEquals(10, model.description().dimension());
      assertEquals(true, model.hasTokenizerOf(teacher));
      float[] vector = model.vectors(BertFixture.packed(List.of(new int[] {2, 7, 3})));
      double square = 0;
      for (float x : vector) {
        square += (double) x * x;
      }
      assertEquals(1, square, 1e-6);
    }
  }

  @Test
  void weightsBeginAsInBert() throws IOException {
    Path student = folder.resolve("student");
    SIZES.write(teacher(), student, Table.RANDOM, 1);
    try (ModelFile file = ModelFile.open(student)) {
      float[] table = file.tensor(TensorNames.TOKEN_EMBEDDINGS).toFloats();
      double square = 0;
      for (float x : table) {
        square += (double) x * x;
      }
      // 2,000 numbers: the deviation of their deviation is 1.6 %.
      assertEquals(0.02, Math.sqrt(square / table.length), 0.02 * 5 * 0.016);
      float[] gain = file.tensor(TensorNames.weight(TensorNames.attentionNorm(2))).toFloats();
      float[] bias = file.tensor(TensorNames.bias(TensorNames.feedForwardUp(1))).toFloats();
      float[] ones = new float[10];
      Arrays.fill(ones, 1);
      assertArrayEquals(ones, gain);
      assertArrayEquals(new float[40], bias);
    }
  }

  /** No ten numbers a token keep more variance than the ten largest singular values have. */
  @Test
  void theTableKeepsTheMostVariance() throws IOException {
    Path teacher = teacher();
    Path student = folder.resolve("student");
    SIZES.write(teacher, student, Table.PCA, 1);
    double[][] centred = centred(teacher, TEACHER_SIZE);
    double[] singular =
        new SingularValueDecomposition(new Array2DRowRealMatrix(centred)).getSingularValues();
    double most = 0;
    for (int i = 0; i < 10; i++) {
      most += singular[i] * singular[i];
    }
    double kept = 0;
    for (double[] row : centred(student, 10)) {
      for (double x : row) {
        kept += x * x;
      }
    }
    assertEquals(most, kept, 1e-5 * most);
  }

  private static double[][] centred(Path model, int size) throws IOException {
    double[][] rows = new double[WORDS][size];
    try (ModelFile file = ModelFile.open(model)) {
      float[] table = file.tensor(TensorNames.TOKEN_EMBEDDINGS).toFloats();
      for (int i = 0; i < size; i++) {
        double mean = 0;
        for (int row = 0; row < WORDS; row++) {
          mean += table[row * size + i] / (double) WORDS;
        }
        for (int row = 0; row < WORDS; row++) {
          rows[row][i] = table[row * size + i] - mean;
        }
      }
    }
    return rows;
  }

  @Test
  void sizesThatDoNotFitAreRefused() throws IOException {
    assertEquals(
        "5 heads do not divide a hidden size of 128",
        assertThrows(IllegalArgumentException.class, () -> new ThinStudent(12, 128, 5, 512))
            .getMessage());
    Path teacher = teacher();
    assertEquals(
        "A token table of 32 components cannot begin as principal components of the teacher's 24; begin at random",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new ThinStudent(1, 32, 4, 8)
                        .write(teacher, folder.resolve("wide"), Table.PCA, 1))
            .getMessage());
  }
}
