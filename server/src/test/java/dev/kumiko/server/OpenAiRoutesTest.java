package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static dev.kumiko.server.Checks.assertFields;
import static dev.kumiko.server.Checks.assertOpenAiError;
import static dev.kumiko.server.Checks.assertVectors;
import static dev.kumiko.server.Checks.embedded;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.EmbedOptions;
import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Input;
import dev.kumiko.Prompt;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /v1/embeddings} and {@code /v1/models}. */
class OpenAiRoutesTest {
  private static final String ROUTE = "/v1/embeddings";
  private static final String BAD = "invalid_request_error";

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

  private static Json ok(Map<String, ?> body) throws IOException, InterruptedException {
    HttpResponse<String> answer = asker.post(ROUTE, body);
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElse(""));
    assertTrue(answer.headers().firstValue("Server").isEmpty());
    return Asker.json(answer);
  }

  private static List<float[]> vectors(Json body) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    for (Json each : body.get("data").items()) {
      Json vector = each.get("embedding");
      vectors.add(vector.isString() ? Checks.base64(vector) : Checks.floats(vector));
    }
    return vectors;
  }

  @Test
  void everyFieldIsThere() throws Exception {
    Json body = ok(Map.of("model", "tiny", "input", List.of("a purlin", "the rafters of a roof")));
    assertFields(body, "object", "data", "model", "usage");
    assertEquals("list", body.get("object").asString());
    assertEquals("tiny", body.get("model").asString());
    List<Json> data = body.get("data").items();
    for (int i = 0; i < data.size(); i++) {
      assertFields(data.get(i), "object", "index", "embedding");
      assertEquals("embedding", data.get(i).get("object").asString());
      assertEquals(i, data.get(i).get("index").asInt());
    }
    assertFields(body.get("usage"), "prompt_tokens", "total_tokens");
    int tokens = body.get("usage").get("prompt_tokens").asInt();
    assertEquals(tokens, body.get("usage").get("total_tokens").asInt());
    try (Embedder embedder = Embedder.load(ServerFixture.EMBEDDER)) {
      int expected =
          embedder.countTokens("a purlin") + embedder.countTokens("the rafters of a roof");
      assertEquals(expected, tokens);
    }
    assertVectors(
        embedded(ServerFixture.EMBEDDER, "a purlin", "the rafters of a roof"), vectors(body));
  }

  @Test
  void base64HasTheSameVectors() throws Exception {
    Json body = ok(Map.of("model", "tiny", "input", "a purlin", "encoding_format", "base64"));
    assertTrue(body.get("data").items().getFirst().get("embedding").isString());
    assertVectors(embedded(ServerFixture.EMBEDDER, "a purlin"), vectors(body));
    assertContains(
        "expected float or base64",
        assertOpenAiError(
            asker.post(ROUTE, Map.of("input", "a", "encoding_format", "int8")),
            400,
            BAD,
            "encoding_format",
            null));
  }

  @Test
  void modelsAreFoundByName() throws Exception {
    assertVectors(
        embedded(ServerFixture.OTHER, "a purlin"),
        vectors(ok(Map.of("model", "other", "input", "a purlin"))));
    Json unnamed = ok(Map.of("input", "a purlin"));
    assertEquals("tiny", unnamed.get("model").asString());
    assertVectors(embedded(ServerFixture.EMBEDDER, "a purlin"), vectors(unnamed));
    String message =
        assertOpenAiError(
            asker.post(ROUTE, Map.of("model", "gpt", "input", "a")),
            404,
            BAD,
            "model",
            "model_not_found");
    assertContains("\"gpt\"", message);
    assertContains("\"tiny\" (embeddings), \"other\" (embeddings), \"rerank\" (scores)", message);
    assertContains(
        "gives scores",
        assertOpenAiError(
            asker.post(ROUTE, Map.of("model", "rerank", "input", "a")), 400, BAD, "model", null));
  }

  @Test
  void vectorsAreCutToDimensions() throws Exception {
    float[] vector =
        vectors(ok(Map.of("model", "tiny", "input", "a purlin", "dimensions", 8))).getFirst();
    try (Embedder embedder = Embedder.load(ServerFixture.EMBEDDER)) {
      Embedding expected = embedder.embed("a purlin", EmbedOptions.DEFAULT.withDimension(8));
      assertArrayEquals(expected.vector(), vector, Checks.TOLERANCE);
    }
    for (int dimensions : new int[] {0, -1, TinyModels.DIMENSION + 1}) {
      assertContains(
          "from 1 to 32",
          assertOpenAiError(
              asker.post(ROUTE, Map.of("input", "a", "dimensions", dimensions)),
              400,
              BAD,
              "dimensions",
              null));
    }
  }

  @Test
  void theDefaultPromptIsTheModels() throws Exception {
    try (Embedder embedder = Embedder.load(ServerFixture.EMBEDDER)) {
      assertArrayEquals(
          embedder.embed("a purlin", Prompt.NONE).vector(),
          vectors(ok(Map.of("model", "tiny", "input", "a purlin"))).getFirst(),
          Checks.TOLERANCE);
    }
  }

  @Test
  void manyTextsComeBackInOrder() throws Exception {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      texts.add("beam " + i + " of the roof");
    }
    Collections.swap(texts, 3, 400);
    List<float[]> found = vectors(ok(Map.of("model", "tiny", "input", texts)));
    assertVectors(embedded(ServerFixture.EMBEDDER, texts.toArray(String[]::new)), found);
  }

  @Test
  void textsThatAreTooLongAreRefused() throws Exception {
    String tooLong = "a ".repeat(600);
    String message =
        assertOpenAiError(
            asker.post(ROUTE, Map.of("model", "tiny", "input", List.of("short", tooLong))),
            400,
            BAD,
            "input",
            "context_length_exceeded");
    assertContains("input[1] has 602 tokens, and tiny takes 512", message);
    assertVectors(
        embedded(ServerFixture.EMBEDDER, "a ".repeat(510)),
        vectors(ok(Map.of("model", "tiny", "input", "a ".repeat(510)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1, 2, 3]", "[[1, 2], [3]]", "[[]]", "[0.5]"})
  void tokenIdsAreRefused(String ids) throws Exception {
    String message =
        assertOpenAiError(asker.post(ROUTE, "{\"input\": " + ids + "}"), 400, BAD, "input", null);
    assertContains("--token-ids", message);
    assertContains("check_embedding_ctx_length=False", message);
  }

  @Test
  void listsOfListsOfTextsAreNoTokenIds() throws Exception {
    String message =
        assertOpenAiError(
            asker.post(ROUTE, Map.of("input", List.of(List.of("a")))), 400, BAD, "input", null);
    assertEquals("the body: input[0] is an array with 1 item, expected text", message);
  }

  @Test
  void tokenIdsAreTakenWhereTheyAreAllowed() throws Exception {
    try (ServerFixture ids = ServerFixture.start(options -> options.tokenIds = true);
        Embedder embedder = Embedder.load(ServerFixture.EMBEDDER)) {
      int[] first = embedder.tokenize("a purlin").ids();
      int[] second = embedder.tokenize("the roof").ids();
      Json both =
          Asker.json(
              ids.asker()
                  .post(
                      ROUTE, Map.of("input", List.of(list(first), list(second)), "dimensions", 8)));
      EmbedOptions options = EmbedOptions.DEFAULT.withPrompt(Prompt.NONE).withDimension(8);
      List<float[]> expected = new ArrayList<>();
      embedder
          .embedInputs(List.of(new Input.TokenIds(first), new Input.TokenIds(second)), options)
          .forEach(each -> expected.add(each.vector()));
      assertVectors(expected, vectors(both));
      assertEquals(first.length + second.length, both.get("usage").get("total_tokens").asInt());
      Json one = Asker.json(ids.asker().post(ROUTE, Map.of("input", list(first))));
      assertVectors(embedded(ServerFixture.EMBEDDER, "a purlin"), vectors(one));
      assertContains(
          "100000",
          assertOpenAiError(
              ids.asker().post(ROUTE, "{\"input\": [[1, 2], [100000]]}"), 400, BAD, "input", null));
      for (String bad : List.of("[[]]", "[-1]", "[1, \"a\"]", "[[1], 2]", "[1.5]", "[1e3]")) {
        assertOpenAiError(
            ids.asker().post(ROUTE, "{\"input\": " + bad + "}"), 400, BAD, "input", null);
      }
      List<Integer> many = Collections.nCopies(513, 7);
      assertContains(
          "513",
          assertOpenAiError(
              ids.asker().post(ROUTE, Map.of("input", many)),
              400,
              BAD,
              "input",
              "context_length_exceeded"));
      Checks.assertAnswers(ids);
    }
  }

  private static List<Integer> list(int[] ids) {
    List<Integer> list = new ArrayList<>();
    for (int id : ids) {
      list.add(id);
    }
    return list;
  }

  @Test
  void modelsAreListed() throws Exception {
    HttpResponse<String> answer = asker.get("/v1/models");
    assertEquals(200, answer.statusCode());
    Json body = Asker.json(answer);
    assertFields(body, "object", "data");
    assertEquals("list", body.get("object").asString());
    List<String> names = new ArrayList<>();
    for (Json model : body.get("data").items()) {
      assertFields(model, "id", "object", "created", "owned_by");
      names.add(model.get("id").asString());
      assertEquals("model", model.get("object").asString());
      assertEquals("kumiko", model.get("owned_by").asString());
      long age = Instant.now().getEpochSecond() - model.get("created").asLong();
      assertTrue(age >= 0 && age < 3600, "loaded " + age + " s ago");
    }
    assertEquals(List.of("tiny", "other", "rerank", "labels"), names);
  }

  @Test
  void aModelKeepsItsOwnNameUnlessItIsGivenOne() throws Exception {
    try (ServerFixture own =
        ServerFixture.start(
            options ->
                options.models =
                    List.of(
                        new dev.kumiko.server.model.ModelSource(
                            java.util.Optional.empty(),
                            java.util.Optional.of(ServerFixture.EMBEDDER))))) {
      Json body = Asker.json(own.asker().post(ROUTE, Map.of("input", "a")));
      assertEquals("tiny-embedder", body.get("model").asString());
      assertContains(
          "this route needs a model that gives scores, a cross-encoder with one label, to be given"
              + " to the server by --model FILE; it has \"tiny-embedder\" (embeddings)",
          Checks.assertCohereError(
              own.asker().post("/v1/rerank", Map.of("query", "a", "documents", List.of("b"))),
              404));
    }
  }

  @Test
  void headHasTheHeadersOfGet() throws Exception {
    HttpResponse<String> head = asker.send("HEAD", "/v1/models", "");
    assertEquals(200, head.statusCode());
    assertEquals("", head.body());
    assertEquals("application/json", head.headers().firstValue("Content-Type").orElse(""));
    String length = asker.get("/v1/models").headers().firstValue("Content-Length").orElse("");
    assertFalse(length.isEmpty());
    assertEquals(length, head.headers().firstValue("Content-Length").orElse(length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"})
  void otherMethodsAreRefusedInTheShapeOfTheApi(String method) throws Exception {
    HttpResponse<String> answer = asker.send(method, ROUTE, "");
    assertContains(
        "the method is " + method + ", expected POST",
        assertOpenAiError(answer, 405, BAD, null, null));
    assertEquals("POST", answer.headers().firstValue("Allow").orElse("none"));
  }

  @Test
  void headOfAPostRouteIsRefusedWithoutABody() throws Exception {
    HttpResponse<String> answer = asker.send("HEAD", ROUTE, "");
    assertEquals(405, answer.statusCode());
    assertEquals("", answer.body());
  }
}
