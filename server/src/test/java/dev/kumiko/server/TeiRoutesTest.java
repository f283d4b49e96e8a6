package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static dev.kumiko.server.Checks.assertFields;
import static dev.kumiko.server.Checks.assertTeiError;
import static dev.kumiko.server.Checks.assertVectors;
import static dev.kumiko.server.Checks.embedded;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Prompt;
import dev.kumiko.Reranker;
import dev.kumiko.TextClassifier;
import dev.kumiko.Tokens;
import dev.kumiko.format.Json;
import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The routes of text-embeddings-inference. */
class TeiRoutesTest {
  private static final List<String> DOCUMENTS =
      List.of("a rafter", "the roof of a house", "purlin and beam", "7 beams", "");

  private static final String TOO_LONG = "a ".repeat(600);

  private static ServerFixture server;
  private static Asker asker;

  @BeforeAll
  static void start() throws IOException {
    server = ServerFixture.start();
    asker = server.asker();
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static HttpResponse<String> ok(String route, Map<String, ?> body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = asker.post(route, body);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer;
  }

  private static List<float[]> vectors(HttpResponse<String> answer) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    for (Json each : Asker.json(answer).items()) {
      vectors.add(Checks.floats(each));
    }
    return vectors;
  }

  @Test
  void embedGivesArrays() throws Exception {
    assertVectors(
        embedded(ServerFixture.EMBEDDER, "a purlin"),
        vectors(ok("/embed", Map.of("inputs", "a purlin"))));
    assertVectors(
        embedded(ServerFixture.EMBEDDER, "a purlin", "a rafter"),
        vectors(ok("/embed", Map.of("inputs", List.of("a purlin", "a rafter")))));
  }

  @Test
  void embedNormalisesUnlessItIsToldNotTo() throws Exception {
    float[] plain = embedded(ServerFixture.OTHER, "a purlin").getFirst();
    Map<String, Object> body = Map.of("inputs", "a purlin", "model", "other", "normalize", false);
    assertArrayEquals(plain, vectors(ok("/embed", body)).getFirst(), Checks.TOLERANCE);
    float[] unit = vectors(ok("/embed", Map.of("inputs", "a purlin", "model", "other"))).getFirst();
    double norm = Math.sqrt(IntStream.range(0, 32).mapToDouble(i -> plain[i] * plain[i]).sum());
    assertTrue(Math.abs(norm - 1) > 0.01, "the model normalises itself: " + norm);
    for (int i = 0; i < unit.length; i++) {
      assertEquals(plain[i] / norm, unit[i], Checks.TOLERANCE);
    }
    assertContains(
        "tiny normalises its vectors itself",
        assertTeiError(
            asker.post("/embed", Map.of("inputs", "a", "normalize", false)), 422, "Validation"));
  }

  @Test
  void embedTakesPromptsAndDimensions() throws Exception {
    try (Embedder embedder = Embedder.load(ServerFixture.EMBEDDER)) {
      assertArrayEquals(
          embedder.embed("a purlin", Prompt.QUERY).vector(),
          vectors(ok("/embed", Map.of("inputs", "a purlin", "prompt_name", "query"))).getFirst(),
          Checks.TOLERANCE);
    }
    assertEquals(
        8, vectors(ok("/embed", Map.of("inputs", "a", "dimensions", 8))).getFirst().length);
    assertContains(
        "tiny has no prompt \"document\"; it has [query]",
        assertTeiError(
            asker.post("/embed", Map.of("inputs", "a", "prompt_name", "document")),
            422,
            "Validation"));
  }

  @Test
  void embedCutsOnlyWhenAsked() throws Exception {
    List<String> texts = List.of("a", TOO_LONG);
    assertContains(
        "inputs[1] has 602 tokens",
        assertTeiError(asker.post("/embed", Map.of("inputs", texts)), 422, "Validation"));
    HttpResponse<String> cut = ok("/embed", Map.of("inputs", texts, "truncate", true));
    assertEquals("1", cut.headers().firstValue("X-Kumiko-Truncated").orElse("none"));
    assertVectors(embedded(ServerFixture.EMBEDDER, "a", TOO_LONG), vectors(cut));
    HttpResponse<String> whole = ok("/embed", Map.of("inputs", "a", "truncate", true));
    assertTrue(whole.headers().firstValue("X-Kumiko-Truncated").isEmpty());
    assertContains(
        "truncation_direction",
        assertTeiError(
            asker.post("/embed", Map.of("inputs", "a", "truncation_direction", "Left")),
            422,
            "Validation"));
    ok("/embed", Map.of("inputs", "a", "truncation_direction", "Right"));
  }

  @Test
  void errorsAreTheirs() throws Exception {
    assertTeiError(asker.post("/embed", Map.of("inputs", List.of())), 400, "Empty");
    assertTeiError(asker.post("/embed", Map.of("inputs", "")), 400, "Empty");
    assertTeiError(asker.post("/embed", Map.of("inputs", 7)), 422, "Validation");
    assertTeiError(asker.post("/embed", Map.of("inputs", List.of(7))), 422, "Validation");
    assertTeiError(asker.post("/embed", Map.of("input", "a")), 422, "Validation");
    assertTeiError(asker.post("/embed", Map.of()), 422, "Validation");
    assertTeiError(asker.post("/embed", Map.of("inputs", "a", "model", "gpt")), 404, "Validation");
    assertTeiError(asker.get("/embed"), 405, "Validation");
    assertTeiError(asker.post("/info", ""), 405, "Validation");
  }

  @Test
  void similarityIsTheCosine() throws Exception {
    Map<String, Object> inputs =
        Map.of("source_sentence", "a purlin", "sentences", List.of("a rafter", "a purlin"));
    float[] found = Checks.floats(Asker.json(ok("/similarity", Map.of("inputs", inputs))));
    List<float[]> vectors = embedded(ServerFixture.EMBEDDER, "a purlin", "a rafter");
    assertEquals(2, found.length);
    assertEquals(
        Similarity.COSINE.between(vectors.get(0), vectors.get(1)), found[0], Checks.TOLERANCE);
    assertEquals(1, found[1], Checks.TOLERANCE);
    Map<String, Object> both = Map.of("inputs", inputs, "parameters", Map.of("truncate", true));
    ok("/similarity", both);
    for (Object bad :
        List.of(
            "a",
            Map.of("source_sentence", "a"),
            Map.of("sentences", List.of("a")),
            Map.of("source_sentence", 1, "sentences", List.of("a")),
            Map.of("source_sentence", "a", "sentences", List.of("a"), "more", 1))) {
      assertTeiError(asker.post("/similarity", Map.of("inputs", bad)), 422, "Validation");
    }
    assertTeiError(
        asker.post("/similarity", Map.of("inputs", inputs, "parameters", Map.of("cut", true))),
        422,
        "Validation");
  }

  private static float[] scores(boolean raw) throws IOException {
    var builder = Reranker.builder();
    try (Reranker reranker = (raw ? builder.rawScores() : builder).load(ServerFixture.RERANKER)) {
      return reranker.score("roof", DOCUMENTS);
    }
  }

  @Test
  void rerankIsSortedAndOfSigmoids() throws Exception {
    for (boolean raw : new boolean[] {false, true}) {
      float[] expected = scores(raw);
      Json ranks =
          Asker.json(
              ok(
                  "/rerank",
                  Map.of(
                      "query", "roof", "texts", DOCUMENTS, "raw_scores", raw, "return_text", raw)));
      assertEquals(DOCUMENTS.size(), ranks.items().size());
      double last = Double.POSITIVE_INFINITY;
      for (Json rank : ranks.items()) {
        int index = rank.get("index").asInt();
        double score = rank.get("score").asDouble();
        assertEquals(expected[index], score, Checks.TOLERANCE);
        assertTrue(score <= last);
        last = score;
        if (raw) {
          assertFields(rank, "index", "score", "text");
          assertEquals(DOCUMENTS.get(index), rank.get("text").asString());
        } else {
          assertFields(rank, "index", "score");
        }
      }
    }
  }

  @Test
  void rerankErrorsAreTheirs() throws Exception {
    assertContains(
        "1 of the texts have more than 512 tokens",
        assertTeiError(
            asker.post("/rerank", Map.of("query", "a", "texts", List.of("b", TOO_LONG))),
            422,
            "Validation"));
    HttpResponse<String> cut =
        ok("/rerank", Map.of("query", "a", "texts", List.of("b", TOO_LONG), "truncate", true));
    assertEquals("1", cut.headers().firstValue("X-Kumiko-Truncated").orElse("none"));
    assertTeiError(asker.post("/rerank", Map.of("query", "a", "texts", List.of())), 400, "Empty");
    assertTeiError(asker.post("/rerank", Map.of("query", "", "texts", List.of("a"))), 400, "Empty");
    assertTeiError(asker.post("/rerank", Map.of("query", "a")), 422, "Validation");
    assertTeiError(asker.post("/rerank", Map.of("texts", List.of("a"))), 422, "Validation");
    assertTeiError(
        asker.post("/rerank", Map.of("query", "a", "texts", List.of("a"), "model", "tiny")),
        422,
        "Validation");
  }

  private static float[] labels(String... texts) throws IOException {
    try (TextClassifier classifier = TextClassifier.load(ServerFixture.CLASSIFIER)) {
      return texts.length == 1
          ? classifier.classify(texts[0])
          : classifier.classify(texts[0], texts[1]);
    }
  }

  private static void assertLabels(float[] expected, Json found) throws IOException {
    List<String> names = List.of("contradiction", "entailment", "neutral");
    List<Integer> order =
        IntStream.range(0, 3)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -expected[i]))
            .toList();
    assertEquals(3, found.items().size());
    for (int i = 0; i < 3; i++) {
      Json label = found.items().get(i);
      assertFields(label, "score", "label");
      assertEquals(names.get(order.get(i)), label.get("label").asString());
      assertEquals(expected[order.get(i)], label.get("score").asDouble(), Checks.TOLERANCE);
    }
  }

  @Test
  void predictTakesTextsAndPairs() throws Exception {
    float[] one = labels("a purlin");
    assertEquals(1, one[0] + one[1] + one[2], 1e-5);
    assertLabels(one, Asker.json(ok("/predict", Map.of("inputs", "a purlin"))));
    assertLabels(
        labels("a purlin", "a roof"),
        Asker.json(ok("/predict", Map.of("inputs", List.of("a purlin", "a roof")))));
    Json both =
        Asker.json(
            ok(
                "/predict",
                Map.of("inputs", List.of(List.of("a purlin"), List.of("a purlin", "a roof")))));
    assertLabels(labels("a purlin"), both.items().get(0));
    assertLabels(labels("a purlin", "a roof"), both.items().get(1));
    try (TextClassifier raw = TextClassifier.builder().rawScores().load(ServerFixture.CLASSIFIER)) {
      assertLabels(
          raw.classify("a purlin"),
          Asker.json(ok("/predict", Map.of("inputs", "a purlin", "raw_scores", true))));
    }
  }

  @Test
  void predictCutsOnlyWhatItIsToldTo() throws Exception {
    String tooLong = "a ".repeat(600);
    String fits = "a ".repeat(510);
    ok("/predict", Map.of("inputs", fits));
    HttpResponse<String> refused =
        asker.post("/predict", Map.of("inputs", List.of(List.of("a"), List.of(tooLong, "b"))));
    assertTeiError(refused, 422, "Validation");
    assertContains("inputs[1] has 604 tokens, and labels takes 512", refused.body());
    HttpResponse<String> cut = ok("/predict", Map.of("inputs", tooLong, "truncate", true));
    assertEquals("1", cut.headers().firstValue("X-Kumiko-Truncated").orElseThrow());
    assertLabels(labels(fits), Asker.json(cut));
  }

  @Test
  void predictErrorsAreTheirs() throws Exception {
    for (Object bad :
        List.of(
            7, List.of(7), List.of(List.of()), List.of("a", "b", "c"), List.of("a", 7), Map.of())) {
      assertTeiError(asker.post("/predict", Map.of("inputs", bad)), 422, "Validation");
    }
    assertTeiError(asker.post("/predict", Map.of("inputs", List.of())), 400, "Empty");
    assertTeiError(
        asker.post("/predict", Map.of("inputs", "a", "model", "rerank")), 422, "Validation");
    assertTeiError(asker.post("/predict", Map.of("inputs", "a", "labels", 3)), 422, "Validation");
  }

  @Test
  void tokensHaveTheirPlacesInTheText() throws Exception {
    String text = "Purlin, \ud83c\udf32 roofs";
    Json found = Asker.json(ok("/tokenize", Map.of("inputs", List.of(text, "a"), "model", "tiny")));
    assertEquals(2, found.items().size());
    Tokens tokens;
    try (Embedder embedder = Embedder.load(ServerFixture.EMBEDDER)) {
      tokens = embedder.tokenize(text);
    }
    List<Json> items = found.items().getFirst().items();
    int[] ids = new int[items.size()];
    for (int i = 0; i < ids.length; i++) {
      assertFields(items.get(i), "id", "text", "special", "start", "stop");
      ids[i] = items.get(i).get("id").asInt();
      boolean special = i == 0 || i == ids.length - 1;
      assertEquals(special, items.get(i).get("special").asBoolean());
      if (special) {
        assertTrue(items.get(i).get("start").isNull());
        assertTrue(items.get(i).get("stop").isNull());
      } else {
        int start = items.get(i).get("start").asInt();
        int stop = items.get(i).get("stop").asInt();
        assertEquals(text.substring(start, stop), items.get(i).get("text").asString());
      }
    }
    assertArrayEquals(tokens.ids(), ids);
    assertEquals("Purlin", items.get(1).get("text").asString());
    Json without = Asker.json(ok("/tokenize", Map.of("inputs", text, "add_special_tokens", false)));
    assertEquals(ids.length - 2, without.items().getFirst().items().size());
    for (Json token : without.items().getFirst().items()) {
      assertFalse(token.get("special").asBoolean());
    }
  }

  @Test
  void longTextsAreTokenisedWhole() throws Exception {
    Json found = Asker.json(ok("/tokenize", Map.of("inputs", TOO_LONG)));
    assertEquals(602, found.items().getFirst().items().size());
    assertTeiError(asker.post("/tokenize", Map.of("inputs", 7)), 422, "Validation");
  }

  @Test
  void infoTellsOfTheFirstModelAndOfAll() throws Exception {
    HttpResponse<String> answer = asker.get("/info");
    assertEquals(200, answer.statusCode());
    Json info = Asker.json(answer);
    String[] ofModel = {
      "model_id", "model_sha", "model_dtype", "served_model_name", "max_input_length", "model_type"
    };
    String[] ofServer = {
      "max_concurrent_requests",
      "max_batch_tokens",
      "max_batch_requests",
      "max_client_batch_size",
      "auto_truncate",
      "tokenization_workers",
      "version",
      "sha",
      "docker_label",
      "models"
    };
    String[] all = Arrays.copyOf(ofModel, ofModel.length + ofServer.length);
    System.arraycopy(ofServer, 0, all, ofModel.length, ofServer.length);
    assertFields(info, all);
    assertEquals("tiny-embedder", info.get("model_id").asString());
    assertEquals("tiny", info.get("served_model_name").asString());
    assertEquals(512, info.get("max_input_length").asInt());
    Json embedding = info.get("model_type").get("embedding");
    assertEquals("mean", embedding.get("pooling").asString());
    assertEquals(TinyModels.DIMENSION, embedding.get("dimension").asInt());
    assertFalse(info.get("auto_truncate").asBoolean());
    assertEquals(2048, info.get("max_client_batch_size").asInt());
    List<Json> models = info.get("models").items();
    assertEquals(4, models.size());
    for (Json model : models) {
      assertFields(model, ofModel);
    }
    Json labels = models.get(3).get("model_type").get("classifier");
    assertEquals("entailment", labels.get("id2label").get("1").asString());
    assertEquals(2, labels.get("label2id").get("neutral").asInt());
    assertEquals(
        0, models.get(2).get("model_type").get("reranker").get("label2id").get("LABEL_0").asInt());
  }
}
