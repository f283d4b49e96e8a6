package dev.kumiko.train.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.LocalAttention;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import dev.kumiko.train.BertFixture;
import dev.kumiko.train.ModelFiles;
import dev.kumiko.train.model.Memory;
import dev.kumiko.train.model.TrainableModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class KeptLayersTest {
  private static final int LAYERS = 5;

  @TempDir private Path folder;

  private static ModelDescription description(Layout layout) {
    Architecture architecture =
        new Architecture("small", LAYERS, 12, 2, 7, Activation.GELU, 1e-5, 11, 20, 0, layout);
    return ModelFiles.description(architecture, new Head(Pooling.MEAN, false));
  }

  private static ModelDescription modern() {
    return description(
        new Layout(
            new Position.Rotary(160, 10),
            Optional.empty(),
            Optional.of(new LocalAttention(1, List.of(1, 3))),
            NormPlace.BEFORE,
            true,
            false,
            false));
  }

  private Path teacher(ModelDescription description) throws IOException {
    Map<String, float[]> weights = ModelFiles.random(description, 4);
    if (description.architecture().layout().norm() == NormPlace.BEFORE) {
      // Layer 2 adds nothing to what goes past it.
      weights.put(name(TensorNames.attentionOutput(2)), new float[12 * 12]);
      weights.put(name(TensorNames.feedForwardDown(2)), new float[12 * 7]);
    }
    return ModelFiles.write(folder.resolve("teacher"), description, weights);
  }

  private static String name(String part) {
    return TensorNames.weight(part);
  }

  private Path keep(Path teacher, Integer... layers) throws IOException {
    Path target = folder.resolve("kept" + List.of(layers));
    KeptLayers.of(List.of(layers)).write(teacher, target);
    return target;
  }

  private static PackedTexts texts() {
    return BertFixture.packed(
        List.of(new int[] {2, 5, 9, 4, 7, 8, 3}, new int[] {2, 3}, new int[] {2, 10, 6, 3}));
  }

  private static TrainableModel open(Path file) throws IOException {
    return TrainableModel.open(file, 1, Memory.KEEP);
  }

  /** One pass gives the vectors of the model cut anywhere, to the last bit. */
  @Test
  void theVectorsByLayerAreThoseOfTheCutModels() throws IOException {
    for (ModelDescription description : List.of(description(Layout.BERT), modern())) {
      Path teacher = teacher(description);
      try (TrainableModel whole = open(teacher)) {
        List<float[]> vectors = whole.vectorsByLayer(texts(), new int[texts().texts()]);
        assertEquals(LAYERS + 1, vectors.size());
        for (int layers = 1; layers <= LAYERS; layers++) {
          Integer[] first = IntStream.range(0, layers).boxed().toArray(Integer[]::new);
          try (TrainableModel cut = open(keep(teacher, first))) {
            assertArrayEquals(cut.vectors(texts()), vectors.get(layers), layers + " layers");
          }
        }
      }
    }
  }

  @Test
  void theFirstLayersGiveTheTeachersHiddenStates() throws IOException {
    Path teacher = teacher(description(Layout.BERT));
    try (TrainableModel whole = open(teacher);
        TrainableModel kept = open(keep(teacher, 0, 1, 2))) {
      assertEquals(3, kept.layers());
      for (int layer = 0; layer <= 3; layer++) {
        assertArrayEquals(whole.hidden(texts(), layer), kept.hidden(texts(), layer));
      }
    }
  }

  @Test
  void aLayerThatAddsNothingCanGoAndLocalAttentionStaysWhereItWas() throws IOException {
    Path teacher = teacher(modern());
    try (TrainableModel whole = open(teacher);
        TrainableModel kept = open(keep(teacher, 0, 1, 3, 4))) {
      Layout layout = kept.description().architecture().layout();
      assertEquals(List.of(1, 2), layout.localAttention().orElseThrow().layers());
      assertArrayEquals(whole.vectors(texts()), kept.vectors(texts()));
    }
    try (TrainableModel whole = open(teacher);
        TrainableModel without = open(keep(teacher, 0, 2, 4))) {
      assertEquals(
          Optional.empty(), without.description().architecture().layout().localAttention());
      assertEquals(whole.vectors(texts()).length, without.vectors(texts()).length);
    }
  }

  @Test
  void keepingTwiceIsKeepingOnceAndAllElseIsTheTeachers() throws IOException {
    Path teacher = teacher(description(Layout.BERT));
    Path once = keep(teacher, 1, 4);
    assertArrayEquals(
        Files.readAllBytes(once), Files.readAllBytes(keep(keep(teacher, 1, 2, 4), 0, 2)));
    try (ModelFile whole = ModelFile.open(teacher);
        ModelFile kept = ModelFile.open(once)) {
      String last = name(TensorNames.feedForwardDown(1));
      assertArrayEquals(
          whole.tensor(name(TensorNames.feedForwardDown(4))).toFloats(),
          kept.tensor(last).toFloats());
      assertFalse(kept.tensors().containsKey(name(TensorNames.feedForwardDown(2))));
      assertArrayEquals(
          whole.tensor(TensorNames.TOKEN_EMBEDDINGS).toFloats(),
          kept.tensor(TensorNames.TOKEN_EMBEDDINGS).toFloats());
    }
  }

  @Test
  void whatCannotBeKeptIsRefused() throws IOException {
    assertRefused("No layer is kept, expected one at least", () -> KeptLayers.of(List.of()));
    assertRefused(
        "The layers to keep are [0, 2, 2]; they are counted from 0 and must ascend",
        () -> KeptLayers.of(List.of(0, 2, 2)));
    Path bert = teacher(description(Layout.BERT));
    assertRefused(
        bert + ": has the layers 0 to 4, but layer 5 is to be kept", () -> keep(bert, 0, 5));
    Path modern = teacher(modern());
    assertRefused(
        modern
            + ": a small has no LayerNorm before the attention of its first layer, but layer 1 has one; keep layer 0 as well",
        () -> keep(modern, 1, 2));
  }

  private static void assertRefused(String message, Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }
}
