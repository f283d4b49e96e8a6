package dev.kumiko.train.model;

import static dev.kumiko.train.Gradients.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Composition;
import dev.kumiko.format.DType;
import dev.kumiko.format.Head;
import dev.kumiko.format.Layout;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.train.BertFixture;
import dev.kumiko.train.Gradients;
import dev.kumiko.train.ModelFiles;
import dev.kumiko.train.parameter.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainableModelTest {
  @TempDir private Path folder;

  static Iterable<String> models() {
    return SmallModels.all().keySet();
  }

  private Path file(String name) throws IOException {
    ModelDescription description = SmallModels.all().get(name);
    return ModelFiles.write(
        folder.resolve("model"), description, ModelFiles.random(description, 3));
  }

  /** Enough rows for several shares. */
  private static List<int[]> texts() {
    Random random = new Random(9);
    List<int[]> texts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int[] ids = new int[1 + random.nextInt(9)];
      for (int k = 0; k < ids.length; k++) {
        ids[k] = 2 + random.nextInt(7);
      }
      texts.add(ids);
    }
    return texts;
  }

  private static float[] random(int count) {
    Random random = new Random(4);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Map<String, float[]> gradients(Path file, int threads, Memory memory)
      throws IOException {
    try (TrainableModel model = TrainableModel.open(file, threads, memory)) {
      return gradients(model);
    }
  }

  private static Map<String, float[]> gradients(TrainableModel model) {
    Pass pass = model.forward(BertFixture.packed(texts()));
    Map<String, float[]> result = new LinkedHashMap<>();
    result.put("vectors", pass.vectors().clone());
    pass.backward(
        OutputGradients.ofVectors(random(pass.vectors().length))
            .andHidden(0, random(pass.hidden(0).length)));
    for (Parameter parameter : model.parameters()) {
      result.put(parameter.name(), parameter.gradient());
    }
    return result;
  }

  private static void assertSame(Map<String, float[]> expected, Map<String, float[]> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
  }

  @ParameterizedTest
  @MethodSource("models")
  void anyNumberOfThreadsGivesTheSameBits(String name) throws IOException {
    Path file = file(name);
    Map<String, float[]> one = gradients(file, 1, Memory.KEEP);
    assertSame(one, gradients(file, 2, Memory.KEEP));
    assertSame(one, gradients(file, 5, Memory.KEEP));
  }

  @ParameterizedTest
  @MethodSource("models")
  void whatIsComputedAgainGivesTheSameBits(String name) throws IOException {
    Path file = file(name);
    assertSame(gradients(file, 2, Memory.KEEP), gradients(file, 2, Memory.RECOMPUTE));
  }

  @ParameterizedTest
  @MethodSource("models")
  void memoryOfPassesBeforeChangesNothing(String name) throws IOException {
    Path file = file(name);
    Map<String, float[]> fresh = gradients(file, 2, Memory.KEEP);
    for (Memory memory : Memory.values()) {
      try (TrainableModel model = TrainableModel.open(file, 2, memory)) {
        PackedTexts texts = BertFixture.packed(texts());
        PackedTexts longer = BertFixture.packed(Collections.nCopies(60, new int[] {2, 3, 4, 5}));
        model.vectors(longer);
        Pass other = model.forward(longer);
        other.backward(OutputGradients.ofVectors(random(other.vectors().length)));
        model.hidden(texts, 1);
        model.clearGradients();
        assertSame(fresh, gradients(model));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theWayBackEndsWhereNothingLearns(String name) throws IOException {
    Path file = file(name);
    Map<String, float[]> expected = gradients(file, 2, Memory.KEEP);
    try (TrainableModel model = TrainableModel.open(file, 2, Memory.KEEP)) {
      int last = model.layers() - 1;
      for (Parameter parameter : model.parameters()) {
        boolean below =
            TensorNames.layer(parameter.name()).orElse(last) < last
                || parameter.name().startsWith("embeddings.")
                || parameter.name().equals(TensorNames.RELATIVE_BIAS);
        parameter.freeze(below);
        if (below) {
          expected.put(parameter.name(), new float[parameter.gradient().length]);
        }
      }
      assertSame(expected, gradients(model));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void packedTextsAreTextsOneByOne(String name) throws IOException {
    Path file = file(name);
    Map<String, double[]> sums = new LinkedHashMap<>();
    Map<String, float[]> together = new LinkedHashMap<>();
    try (TrainableModel model = TrainableModel.open(file, 2, Memory.KEEP)) {
      int size = model.description().dimension();
      float[] gradient = random(texts().size() * size);
      Pass all = model.forward(BertFixture.packed(texts()));
      assertArrayEquals(all.vectors(), model.vectors(BertFixture.packed(texts())));
      all.backward(OutputGradients.ofVectors(gradient));
      for (Parameter parameter : model.parameters()) {
        together.put(parameter.name(), parameter.gradient().clone());
        sums.put(parameter.name(), new double[parameter.gradient().length]);
      }
      for (int text = 0; text < texts().size(); text++) {
        model.clearGradients();
        Pass pass = model.forward(BertFixture.packed(List.of(texts().get(text))));
        float[] own = new float[size];
        System.arraycopy(gradient, text * size, own, 0, size);
        pass.backward(OutputGradients.ofVectors(own));
        for (Parameter parameter : model.parameters()) {
          double[] sum = sums.get(parameter.name());
          for (int i = 0; i < sum.length; i++) {
            sum[i] += parameter.gradient()[i];
          }
        }
      }
    }
    sums.forEach(
        (tensor, sum) -> assertClose(tensor, sum, together.get(tensor), scale(tensor, sums)));
  }

  private static double scale(String tensor, Map<String, double[]> sums) {
    return tensor.endsWith("key.bias")
        ? Gradients.largest(sums.get(tensor.replace("key", "query")))
        : 0;
  }

  @Test
  void rowsThatNoTextUsesHaveNoGradient() throws IOException {
    Map<String, float[]> gradients = gradients(file("as BERT"), 2, Memory.KEEP);
    float[] table = gradients.get(TensorNames.TOKEN_EMBEDDINGS);
    float[] positions = gradients.get(TensorNames.POSITION_EMBEDDINGS);
    for (int i = 0; i < 9; i++) {
      for (int unused : new int[] {0, 1, 9, 10}) {
        assertEquals(0f, table[unused * 9 + i]);
      }
      assertEquals(0f, positions[9 * 9 + i]);
      assertNotEquals(0f, table[2 * 9 + i]);
      assertNotEquals(0f, positions[i]);
    }
  }

  @Test
  void gradientsAddUpUntilTheyAreCleared() throws IOException {
    Path file = file("as BERT");
    float[] once = gradients(file, 1, Memory.KEEP).get("layers.0.feed_forward.up.weight");
    try (TrainableModel model = TrainableModel.open(file, 1, Memory.KEEP)) {
      Parameter up = parameter(model, "layers.0.feed_forward.up.weight");
      for (int pass = 0; pass < 2; pass++) {
        Pass forward = model.forward(BertFixture.packed(texts()));
        forward.backward(OutputGradients.ofVectors(random(forward.vectors().length)));
      }
      for (int i = 0; i < once.length; i++) {
        assertEquals(2 * once[i], up.gradient()[i], 1e-6 * Math.abs(once[i]));
      }
    }
  }

  private static Parameter parameter(TrainableModel model, String name) {
    return model.parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("models")
  void aSavedModelHasWhatWasLearnedAndAllElse(String name) throws IOException {
    Path file = file(name);
    Path target = folder.resolve("trained");
    float[] learned;
    try (TrainableModel model = TrainableModel.open(file, 1, Memory.KEEP)) {
      for (Parameter parameter : model.parameters()) {
        for (int i = 0; i < parameter.values().length; i++) {
          parameter.values()[i] *= 1.25f;
        }
      }
      float[] before = model.vectors(BertFixture.packed(texts()));
      model.refresh();
      learned = model.vectors(BertFixture.packed(texts()));
      assertFalse(Arrays.equals(before, learned), "nothing was taken over");
      model.save(target);
    }
    try (TrainableModel model = TrainableModel.open(target, 1, Memory.KEEP);
        ModelFile old = ModelFile.open(file);
        ModelFile saved = ModelFile.open(target)) {
      assertArrayEquals(learned, model.vectors(BertFixture.packed(texts())));
      assertEquals(old.metadata(), saved.metadata());
      assertEquals(old.tensors().keySet(), saved.tensors().keySet());
      for (Tensor tensor : old.tensors().values()) {
        if (model.parameters().stream().noneMatch(p -> p.name().equals(tensor.name()))) {
          assertEquals(-1, tensor.data().mismatch(saved.tensor(tensor.name()).data()));
        }
      }
    }
  }

  @Test
  void aModelMayBeSavedOverItself() throws IOException {
    Path file = file("as BERT");
    byte[] bytes = Files.readAllBytes(file);
    try (TrainableModel model = TrainableModel.open(file, 1, Memory.KEEP)) {
      model.save(file);
      assertArrayEquals(bytes, Files.readAllBytes(file));
    }
  }

  @Test
  void frozenParametersCostNoGradient() throws IOException {
    try (TrainableModel model = TrainableModel.open(file("as BERT"), 1, Memory.KEEP)) {
      Parameter frozen = parameter(model, "layers.1.feed_forward.up.weight");
      Parameter below = parameter(model, "layers.0.feed_forward.up.weight");
      frozen.freeze(true);
      Pass pass = model.forward(BertFixture.packed(texts()));
      pass.backward(OutputGradients.ofVectors(random(pass.vectors().length)));
      assertArrayEquals(new float[frozen.gradient().length], frozen.gradient());
      assertNotEquals(0f, below.gradient()[0]);
    }
  }

  @Test
  void anInt8ModelIsRefused() throws IOException {
    Path int8 = folder.resolve("int8");
    try (ModelFile file = ModelFile.open(file("as BERT"))) {
      ModelWriter writer = new ModelWriter(int8).metadata(file.metadata());
      for (Tensor tensor : file.tensors().values()) {
        if (tensor.name().equals("layers.0.attention.output.weight")) {
          writer.bytes(tensor.name(), DType.I8, new byte[81], 9, 9);
          float[] scales = {1, 1, 1, 1, 1, 1, 1, 1, 1};
          writer.floats("layers.0.attention.output.weight_scale", scales, 9, 1);
        } else {
          writer.copy(tensor.name(), tensor);
        }
      }
      writer.write();
    }
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> TrainableModel.open(int8));
    assertEquals(
        int8
            + ": tensor layers.0.attention.output.weight is int8, and rounded numbers cannot learn;"
            + " train the file that this one was made from and quantize the result",
        e.getMessage());
  }

  @Test
  void gradientsThatDoNotFitAreRefused() throws IOException {
    try (TrainableModel model = TrainableModel.open(file("as BERT"), 1, Memory.KEEP)) {
      PackedTexts texts = BertFixture.packed(texts());
      Pass pass = model.forwardHidden(texts, 1);
      assertMessage(
          "a gradient belongs to layer 2, but the pass has layers 0 to 1",
          IllegalArgumentException.class,
          () -> pass.backward(OutputGradients.ofHidden(2, new float[9])));
      assertMessage(
          "the gradient of layer 1 has 9 values, but there are %,d".formatted(texts.rows() * 9),
          IllegalArgumentException.class,
          () -> pass.backward(OutputGradients.ofHidden(1, new float[9])));
      assertMessage("the pass ended after layer 1", IllegalStateException.class, pass::vectors);
      pass.backward(OutputGradients.ofHidden(1, new float[texts.rows() * 9]));
      assertMessage(
          "the pass has gone back already",
          IllegalStateException.class,
          () -> pass.backward(OutputGradients.ofHidden(0, new float[texts.rows() * 9])));
    }
  }

  private static void assertMessage(
      String message, Class<? extends RuntimeException> type, Runnable action) {
    assertEquals(message, assertThrows(type, action::run).getMessage());
  }

  /** Parts, and rows of their own, together give each token one row. */
  @Test
  void tokensWithRowsOfTheirOwnTeachThoseAlone() throws IOException {
    Architecture a =
        new Architecture("small", 1, 6, 2, 5, Activation.GELU, 1e-5, 11, 13, 0, Layout.BERT);
    ModelDescription description = ModelFiles.description(a, new Head(Pooling.MEAN, false));
    Map<String, float[]> weights = ModelFiles.random(description, 1);
    ModelWriter writer = ModelFiles.writer(folder.resolve("composed"), description);
    writer.metadata(
        Composition.METADATA,
        new Composition(Composition.Assignment.CONTEXT, 2, false).toMetadata());
    for (String name : TensorNames.required(description).keySet()) {
      if (!name.equals(TensorNames.TOKEN_EMBEDDINGS)) {
        long[] shape =
            TensorNames.required(description).get(name).stream().mapToLong(i -> i).toArray();
        writer.floats(name, weights.get(name), shape);
      }
    }
    byte[] codes = new byte[22];
    for (int id = 0; id < 11; id++) {
      codes[2 * id] = (byte) (id % 3);
      codes[2 * id + 1] = (byte) (id % 2);
    }
    writer.bytes(TensorNames.TOKEN_CODES, DType.U8, codes, 11, 2);
    writer.floats("embeddings.token.parts.0.weight", random(3 * 2), 3, 2);
    writer.floats("embeddings.token.parts.1.weight", random(2 * 4), 2, 4);
    writer.ints(TensorNames.OWN_ROW_IDS, new int[] {4, 7}, 2);
    writer.floats("embeddings.token.own.weight", random(2 * 6), 2, 6);
    writer.write();
    try (TrainableModel model = TrainableModel.open(folder.resolve("composed"), 1, Memory.KEEP)) {
      float[] own = parameter(model, "embeddings.token.own.weight").gradient();
      float[] first = parameter(model, "embeddings.token.parts.0.weight").gradient();
      float[] second = parameter(model, "embeddings.token.parts.1.weight").gradient();
      Pass pass = model.forward(BertFixture.packed(List.of(new int[] {4})));
      pass.backward(OutputGradients.ofVectors(random(6)));
      assertArrayEquals(new float[6], first);
      assertArrayEquals(new float[8], second);
      assertTrue(own[0] != 0 && own[5] != 0);
      for (int i = 6; i < 12; i++) {
        assertEquals(0f, own[i]);
      }
      model.clearGradients();
      pass = model.forward(BertFixture.packed(List.of(new int[] {5}))); // codes 2 and 1
      pass.backward(OutputGradients.ofVectors(random(6)));
      assertArrayEquals(new float[12], own);
      assertArrayEquals(new float[4], Arrays.copyOf(first, 4));
      assertArrayEquals(new float[4], Arrays.copyOf(second, 4));
      assertTrue(first[4] != 0 && second[7] != 0);
    }
  }
}
