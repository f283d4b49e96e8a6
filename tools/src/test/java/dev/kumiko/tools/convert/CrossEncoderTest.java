package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Ranked;
import dev.kumiko.Reranker;
import dev.kumiko.TextClassifier;
import dev.kumiko.format.Classifier.ScoreFunction;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.Pooling;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequence classification against Hugging Face transformers in double precision. */
class CrossEncoderTest {
  /** Of float rounding, on raw scores up to about 4. */
  private static final float TOLERANCE = 1e-5f;

  @TempDir private Path folder;

  private Path convert(Path source, ConversionOptions options) throws IOException {
    Path target = folder.resolve(source.getFileName() + ".safetensors");
    Converter.convert(source, target, options, line -> {});
    return target;
  }

  private Path convert(String name) throws IOException {
    return convert(TestModels.resource("cross-encoders/" + name), ConversionOptions.NONE);
  }

  private static Json golden(String name) throws IOException {
    Path file = TestModels.resource("cross-encoders/" + name).resolve("golden.json");
    return Json.parse("golden.json", Files.readAllBytes(file));
  }

  @Test
  void whatIsNoInputHasNoTokens() throws IOException {
    TextClassifier classifier = TextClassifier.load(convert("xlmr-classifier"));
    for (List<String> input : List.of(List.<String>of(), List.of("a", "b", "c"))) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> classifier.countTokens(input));
      assertEquals("input has " + input.size() + " texts, not 1 or 2", e.getMessage());
    }
    NullPointerException missing =
        assertThrows(NullPointerException.class, () -> classifier.classify(null));
    assertEquals("text is null", missing.getMessage());
    classifier.close();
    assertThrows(IllegalStateException.class, () -> classifier.countTokens(List.of("a")));
  }

  private static List<String> documents(Json golden) throws IOException {
    List<String> documents = new ArrayList<>();
    for (Json document : golden.get("documents").items()) {
      documents.add(document.asString());
    }
    return documents;
  }

  private static float[] floats(Json array) throws IOException {
    List<Json> items = array.items();
    float[] values = new float[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) items.get(i).asDouble();
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "bert-reranker, SIGMOID, LABEL_0",
    "roberta-reranker, IDENTITY, LABEL_0",
    "mpnet-reranker, SIGMOID, LABEL_0",
    "modernbert-reranker, SIGMOID, LABEL_0",
    "xlmr-classifier, SOFTMAX, contradiction entailment neutral",
    "distilbert-classifier, SIGMOID, LABEL_0 LABEL_1"
  })
  void scoresEqualTheReference(String name, ScoreFunction function, String labels)
      throws IOException {
    Json golden = golden(name);
    try (TextClassifier classifier = TextClassifier.load(convert(name))) {
      assertEquals(List.of(labels.split(" ")), classifier.labels());
      assertEquals(
          function, ((ModelDescription) classifier.model()).classifier().orElseThrow().function());
      String query = golden.get("query").asString();
      List<String> documents = documents(golden);
      for (int i = 0; i < documents.size(); i++) {
        float[] pair = floats(golden.get("scores").items().get(i));
        float[] single = floats(golden.get("single").items().get(i));
        String what = name + " document " + i;
        assertArrayEquals(pair, classifier.classify(query, documents.get(i)), TOLERANCE, what);
        assertArrayEquals(single, classifier.classify(documents.get(i)), TOLERANCE, what);
        List<String> both = List.of(query, documents.get(i));
        assertEquals(
            golden.get("pair_tokens").items().get(i).asInt(), classifier.countTokens(both));
        List<String> alone = List.of(documents.get(i));
        assertEquals(
            golden.get("single_tokens").items().get(i).asInt(), classifier.countTokens(alone));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bert-reranker", "roberta-reranker", "mpnet-reranker", "modernbert-reranker"})
  void aRerankerScoresAllDocumentsAndOrdersThem(String name) throws IOException {
    Json golden = golden(name);
    try (Reranker reranker = Reranker.builder().threads(2).load(convert(name))) {
      String query = golden.get("query").asString();
      // So many that they take several trips through the encoder.
      List<String> documents = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        documents.addAll(documents(golden));
      }
      float[] scores = reranker.score(query, documents);
      assertEquals(documents.size(), scores.length);
      for (int i = 0; i < scores.length; i++) {
        float expected = floats(golden.get("scores").items().get(i % (scores.length / 15)))[0];
        assertEquals(expected, scores[i], TOLERANCE, name + " document " + i);
      }
      List<Ranked> ranking = reranker.rank(query, documents);
      for (int i = 0; i < ranking.size(); i++) {
        assertEquals(scores[ranking.get(i).index()], ranking.get(i).score(), 1e-6f);
        assertTrue(i == 0 || ranking.get(i - 1).score() >= ranking.get(i).score());
      }
      assertEquals(0, reranker.score(query, List.of()).length);
      assertEquals(16, reranker.maxTokens());
    }
  }

  @Test
  void whatIsNoRerankerIsRefusedByName() throws IOException {
    Path classifier = convert("xlmr-classifier");
    assertRefused(() -> Reranker.load(classifier), "scores for 3 labels [contradiction, ");
    assertRefused(() -> Embedder.load(classifier), "no embeddings; load it with Reranker");
    Path embedder =
        convert(TestModels.resource("fixtures/bert-sqrtlen-odd"), ConversionOptions.NONE);
    assertRefused(() -> Reranker.load(embedder), "gives embeddings, no scores");
    assertRefused(() -> TextClassifier.load(embedder), "gives embeddings, no scores");
  }

  private interface Loading {
    AutoCloseable load() throws IOException;
  }

  private static void assertRefused(Loading loading, String message) {
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> loading.load().close());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void settingsThatDoNotFitAreRefused() throws IOException {
    Path model = convert("bert-reranker");
    assertThrows(IllegalArgumentException.class, () -> Reranker.builder().threads(0));
    for (int tokens : new int[] {3, 21}) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> Reranker.builder().maxTokens(tokens).load(model));
      assertTrue(e.getMessage().contains(tokens + ", but"), e.getMessage());
    }
    Reranker closed = Reranker.load(model);
    closed.close();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.score("a", List.of("b")));
    try (Reranker reranker = Reranker.load(model)) {
      assertThrows(NullPointerException.class, () -> reranker.score(null, List.of("b")));
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> reranker.score("a", List.of("b", "\ud800")));
      assertTrue(e.getMessage().contains("documents[1]"), e.getMessage());
    }
  }

  /** The encoder of a cross-encoder is one like any other, if its pooling is stated. */
  @Test
  void aStatedPoolingMakesItAnEmbedder() throws IOException {
    ConversionOptions options =
        new ConversionOptions(
            Optional.empty(),
            Optional.of(Pooling.MEAN),
            Optional.of(true),
            Optional.empty(),
            Optional.empty());
    Path model = convert(TestModels.resource("cross-encoders/bert-reranker"), options);
    try (Embedder embedder = Embedder.load(model)) {
      assertEquals(12, embedder.dimension());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"0\": \"LABEL_0\" | \"1\": \"LABEL_0\" | id2label.0 is missing",
        "\"architectures\": [ | \"problem_type\": 7, \"architectures\": ["
            + " | problem_type is 7, expected text",
        "\"architectures\": ["
            + " | \"sbert_ce_default_activation_function\": \"torch.nn.Tanh\", \"architectures\": ["
            + " | is torch.nn.Tanh; Kumiko supports torch.nn.modules.activation.Sigmoid",
        "\"0\": \"LABEL_0\" | \"0\": \"no\", \"1\": \"yes\""
            + " | classifier.weight has the shape [1, 12], expected [2, 12]",
      })
  void aConfigurationThatDoesNotFitIsRefused(String before, String after, String message)
      throws IOException {
    Path source = TestModels.copy("cross-encoders/bert-reranker", folder.resolve("copy"));
    TestModels.edit(source.resolve("config.json"), before, after);
    String refusal = TestModels.refusal(source, folder, ConversionOptions.NONE);
    assertTrue(refusal.contains(message), refusal);
  }
}
