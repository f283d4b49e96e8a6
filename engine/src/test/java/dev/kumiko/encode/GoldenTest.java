package dev.kumiko.encode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Fixture;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.kernel.KernelChoice;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Hidden states and vectors against the reference in double precision. */
class GoldenTest {
  /** Float rounding through six matrix products a layer, on values up to about 4. */
  private static final double TOLERANCE = 1e-5;

  private static final int[] TEXTS_WITH_HIDDEN_STATES = {1, 7, 16, 39};

  static final List<String> FIXTURES = Fixture.BERT;

  @TempDir Path folder;

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void hiddenStatesEqualTheReferenceAfterEveryLayer(String name) throws IOException {
    Fixture fixture = Fixture.open(name);
    Path model = fixture.writeModel(folder.resolve("model.safetensors"));
    try (ModelFile file = ModelFile.open(model);
        ModelFile golden = fixture.goldenTensors()) {
      ModelDescription description = ModelDescription.of(file);
      Encoder encoder = new Encoder(description.architecture(), file, KernelChoice.kernels());
      for (int text : TEXTS_WITH_HIDDEN_STATES) {
        int[] ids = ids(fixture, text);
        Workspace w = new Workspace(description.architecture());
        // A neighbour before and after, so that the text does not begin at row 0.
        w.texts().add(new int[] {2, 5, 6, 3}, 4);
        w.texts().add(ids, ids.length);
        w.texts().add(new int[] {2, 3}, 2);
        int from = 4 * description.architecture().hiddenSize();
        List<float[]> seen = new ArrayList<>();
        encoder.encode(w, step -> seen.add(w.hidden().clone()));
        assertEquals(description.architecture().layers() + 1, seen.size());
        for (int step = 0; step < seen.size(); step++) {
          Tensor expected = golden.tensor("text" + text + ".hidden" + step);
          compare(expected, seen.get(step), from, name + " text " + text + " after step " + step);
        }
      }
    }
  }

  private static int[] ids(Fixture fixture, int text) throws IOException {
    List<Json> items = fixture.golden().get("ids").items().get(text).items();
    int[] ids = new int[items.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = items.get(i).asInt();
    }
    return ids;
  }

  private static void compare(Tensor expected, float[] actual, int from, String where)
      throws IOException {
    float[] values = expected.toFloats();
    double worst = 0;
    int at = 0;
    for (int i = 0; i < values.length; i++) {
      double difference = Math.abs((double) values[i] - actual[from + i]);
      if (!(difference <= worst)) {
        worst = difference;
        at = i;
      }
    }
    int size = Math.toIntExact(expected.shape().get(1));
    assertTrue(
        worst < TOLERANCE,
        "%s: first wrong layer; off by %g at token %d, component %d"
            .formatted(where, worst, at / size, at % size));
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void vectorsEqualTheReference(String name) throws IOException {
    Fixture fixture = Fixture.open(name);
    Path model = fixture.writeModel(folder.resolve("model.safetensors"));
    try (Embedder embedder = Embedder.load(model);
        ModelFile golden = fixture.goldenTensors()) {
      List<Embedding> embeddings = embedder.embedAll(fixture.texts());
      int dimension = embedder.dimension();
      var reference = golden.tensor("embeddings").data().asByteBuffer();
      var doubles = reference.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
      assertEquals((long) embeddings.size() * dimension, doubles.remaining());
      for (int text = 0; text < embeddings.size(); text++) {
        for (int i = 0; i < dimension; i++) {
          double expected = doubles.get(text * dimension + i);
          float actual = embeddings.get(text).vector()[i];
          assertEquals(expected, actual, TOLERANCE, name + " text " + text + " component " + i);
        }
      }
    }
  }
}
