package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.encode.Division;
import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.SharedPass;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.tools.quantize.Quantizer;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A folder of every family, converted: ids, hidden states after every layer and vectors against
 * Hugging Face transformers in double precision.
 */
class FamilyTest {
  /**
   * Float rounding through up to seven matrix products a layer, on values up to about 4. It grows
   * with larger ones: those of Gemma, whose blocks end with a norm, reach 11.
   */
  private static final double TOLERANCE = 1e-5;

  private static final int[] TEXTS_WITH_HIDDEN_STATES = {1, 7, 16, 39};

  static final List<String> FIXTURES =
      List.of(
          "bert-mean",
          "bert-cls-gelu-tanh",
          "bert-max-relu-unnormalised",
          "bert-sqrtlen-odd",
          "labse",
          "lealla-hf",
          "lealla-original",
          "distilbert",
          "roberta",
          "xlmr-unigram",
          "mpnet",
          "modernbert",
          "llama-lasttoken",
          "llama-layers",
          "mistral-lasttoken",
          "qwen2-mean",
          "qwen2-bidirectional",
          "qwen3-lasttoken",
          "qwen3-weightedmean",
          "gemma3-bidirectional",
          "nomic-bert",
          "gte",
          "gemma2",
          "phi3",
          "eurobert",
          "jina2");

  static final Map<String, Variant> VARIANTS =
      Map.of("lealla-hf", Variant.LEALLA, "lealla-original", Variant.LEALLA_ORIGINAL);

  @TempDir private Path folder;

  private Path convert(String name) throws IOException {
    return convert(name, VARIANTS.get(name), "model.safetensors");
  }

  private Path convert(String name, Variant variant, String file) throws IOException {
    Path target = folder.resolve(file);
    ConversionOptions options =
        new ConversionOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable(variant));
    Converter.convert(TestModels.resource("fixtures/" + name), target, options, line -> {});
    return target;
  }

  /** The goldens of {@code lealla-original} are of its arithmetic, with the port's tokenizer. */
  private Path convertWithItsGoldensTokenizer(String name) throws IOException {
    Path model = convert(name);
    if (VARIANTS.get(name) != Variant.LEALLA_ORIGINAL) {
      return model;
    }
    Path target = folder.resolve("ports-tokenizer.safetensors");
    Path port = convert(name, Variant.LEALLA, "port.safetensors");
    TestModels.withTokenizerOf(port, model, target);
    return target;
  }

  private static Json golden(String name) throws IOException {
    Path file = TestModels.resource("fixtures/" + name).resolve("golden.json");
    return Json.parse("golden.json", Files.readAllBytes(file));
  }

  private static ModelFile goldenTensors(String name) throws IOException {
    return ModelFile.open(TestModels.resource("fixtures/" + name).resolve("golden.safetensors"));
  }

  private static List<String> texts(Json golden) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Json text : golden.get("texts").items()) {
      texts.add(text.asString());
    }
    return texts;
  }

  private static int[] ids(Json golden, int text) throws IOException {
    List<Json> items = golden.get("ids").items().get(text).items();
    int[] ids = new int[items.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = items.get(i).asInt();
    }
    return ids;
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void hiddenStatesEqualTheReferenceAfterEveryLayer(String name) throws IOException {
    Json reference = golden(name);
    try (ModelFile file = ModelFile.open(convert(name));
        ModelFile golden = goldenTensors(name)) {
      Architecture architecture = ModelDescription.of(file).architecture();
      try (Encoder encoder = new Encoder(architecture, file, KernelChoice.kernels())) {
        for (int text : TEXTS_WITH_HIDDEN_STATES) {
          Workspace w = new Workspace(architecture);
          int[] ids = ids(reference, text);
          // A neighbour before and after, so that the text does not begin at row 0.
          w.texts().add(new int[] {2, 5, 6, 3}, 4);
          w.texts().add(ids, ids.length);
          w.texts().add(new int[] {2, 3}, 2);
          int from = 4 * architecture.hiddenSize();
          String what = name + " text " + text;
          List<float[]> seen = new ArrayList<>();
          encoder.encode(w, step -> seen.add(w.hidden().clone()));
          assertEquals(architecture.layers() + 1, seen.size());
          for (int step = 0; step < seen.size(); step++) {
            Tensor expected = golden.tensor("text" + text + ".hidden" + step);
            compare(expected, seen.get(step), from, what + " after step " + step);
          }
          Tensor last = golden.tensor("text" + text + ".last_hidden_state");
          compare(last, w.hidden(), from, what + " last");
        }
      }
    }
  }

  /** The encoder's own test knows BERT alone; here are rotations, gates and the other norms. */
  @ParameterizedTest
  @FieldSource("FIXTURES")
  void threadsThatShareATextGiveTheBitsOfOne(String name) throws IOException {
    Json reference = golden(name);
    try (ModelFile file = ModelFile.open(convert(name))) {
      Architecture architecture = ModelDescription.of(file).architecture();
      try (Encoder encoder = new Encoder(architecture, file, KernelChoice.kernels())) {
        for (Division division : Division.values()) {
          Workspace w = new Workspace(architecture);
          int[] ids = ids(reference, TEXTS_WITH_HIDDEN_STATES[0]);
          w.texts().add(ids, ids.length);
          w.texts().add(ids, ids.length);
          encoder.encode(w);
          float[] alone = w.hidden().clone();
          SharedPass pass = new SharedPass(encoder, w, 2, division);
          CompletableFuture<Void> helper = CompletableFuture.runAsync(pass);
          pass.run();
          helper.join();
          assertArrayEquals(alone, w.hidden(), name + ": " + division);
        }
      }
    }
  }

  /** Attention in blocks of rows has the bits of attention of all rows at once. */
  @ParameterizedTest
  @ValueSource(strings = {"llama-lasttoken", "mistral-lasttoken", "gemma3-bidirectional"})
  void aLongTextIsAttendedInBlocks(String name) throws IOException {
    int[] ids = new Random(5).ints(2_100, 0, 100).toArray();
    try (ModelFile file = ModelFile.open(convert(name))) {
      Architecture architecture = ModelDescription.of(file).architecture();
      try (Encoder encoder = new Encoder(architecture, file, KernelChoice.kernels())) {
        Workspace w = new Workspace(architecture);
        w.texts().add(ids, ids.length);
        new SharedPass(encoder, w, 1, Division.OUTPUTS).run();
        float[] together = w.hidden().clone();
        for (int parts = 1; parts <= 3; parts++) {
          new SharedPass(encoder, w, parts, Division.MANY_ROWS).run();
          assertArrayEquals(together, w.hidden(), name + " in " + parts);
        }
      }
    }
  }

  private static void compare(Tensor expected, float[] actual, int from, String where)
      throws IOException {
    float[] values = expected.toFloats();
    double worst = 0;
    double largest = 4;
    int at = 0;
    for (int i = 0; i < values.length; i++) {
      double difference = Math.abs((double) values[i] - actual[from + i]);
      largest = Math.max(largest, Math.abs(values[i]));
      if (!(difference <= worst)) {
        worst = difference;
        at = i;
      }
    }
    int size = Math.toIntExact(expected.shape().get(1));
    assertTrue(
        worst < TOLERANCE * largest / 4,
        "%s: first wrong layer; off by %g at token %d, component %d"
            .formatted(where, worst, at / size, at % size));
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void idsAndVectorsEqualTheReference(String name) throws IOException {
    Json reference = golden(name);
    List<String> texts = texts(reference);
    try (Embedder embedder = Embedder.load(convertWithItsGoldensTokenizer(name));
        ModelFile golden = goldenTensors(name)) {
      List<Embedding> embeddings = embedder.embedAll(texts);
      int dimension = embedder.dimension();
      var bytes = golden.tensor("embeddings").data().asByteBuffer();
      var doubles = bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
      assertEquals((long) embeddings.size() * dimension, doubles.remaining());
      for (int text = 0; text < embeddings.size(); text++) {
        String what = name + " text " + text;
        assertArrayEquals(ids(reference, text), embedder.tokenize(texts.get(text)).ids(), what);
        for (int i = 0; i < dimension; i++) {
          double expected = doubles.get(text * dimension + i);
          float actual = embeddings.get(text).vector()[i];
          assertEquals(expected, actual, TOLERANCE, what + " component " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void int8StaysClose(String name) throws IOException {
    List<String> texts = texts(golden(name));
    Path exact = convert(name);
    Path close = folder.resolve("int8.safetensors");
    Quantizer.quantize(exact, close);
    try (Embedder fp32 = Embedder.load(exact);
        Embedder int8 = Embedder.load(close)) {
      List<Embedding> expected = fp32.embedAll(texts);
      List<Embedding> actual = int8.embedAll(texts);
      double sum = 0;
      for (int i = 0; i < texts.size(); i++) {
        sum += expected.get(i).cosine(actual.get(i));
      }
      assertTrue(sum / texts.size() > 0.99, "mean cosine " + sum / texts.size());
    }
  }
}
