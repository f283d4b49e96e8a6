package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertCohereError;
import static dev.kumiko.server.Checks.assertContains;
import static dev.kumiko.server.Checks.assertFields;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Reranker;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cohere's and Jina's rerankings. */
class RerankRoutesTest {
  private static final List<String> DOCUMENTS =
      List.of("a rafter", "the roof of a house", "purlin and beam", "7 beams");

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

  private static Json ok(String route, Map<String, ?> body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = asker.post(route, body);
    assertEquals(200, answer.statusCode(), answer.body());
    return Asker.json(answer);
  }

  private static void assertScores(Json results) throws IOException {
    double last = Double.POSITIVE_INFINITY;
    try (Reranker reranker = Reranker.load(ServerFixture.RERANKER)) {
      float[] expected = reranker.score("roof", DOCUMENTS);
      for (Json result : results.items()) {
        double score = result.get("relevance_score").asDouble();
        assertEquals(expected[result.get("index").asInt()], score, Checks.TOLERANCE);
        assertTrue(score <= last, "not sorted");
        last = score;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/rerank", "/v2/rerank", "/rerank"})
  void everyFieldIsThere(String route) throws Exception {
    Json body = ok(route, Map.of("model", "rerank", "query", "roof", "documents", DOCUMENTS));
    assertFields(body, "id", "model", "results", "usage", "meta");
    assertEquals("rerank", body.get("model").asString());
    assertEquals(4, body.get("results").items().size());
    assertScores(body.get("results"));
    for (Json result : body.get("results").items()) {
      assertFields(result, "index", "relevance_score");
    }
    assertFields(body.get("usage"), "total_tokens");
    int tokens = body.get("usage").get("total_tokens").asInt();
    assertTrue(tokens > 4 * 5, tokens + " tokens");
    assertFields(body.get("meta"), "billed_units", "tokens");
    assertEquals(1, body.get("meta").get("billed_units").get("search_units").asInt());
    assertEquals(tokens, body.get("meta").get("tokens").get("input_tokens").asInt());
    assertFalse(body.get("id").asString().isEmpty());
  }

  @Test
  void theBestComeWithTheirTexts() throws Exception {
    List<Map<String, String>> documents =
        DOCUMENTS.stream().map(text -> Map.of("text", text)).toList();
    Json results =
        ok(
                "/v1/rerank",
                Map.of(
                    "query", "roof", "documents", documents, "top_n", 2, "return_documents", true))
            .get("results");
    assertEquals(2, results.items().size());
    assertScores(results);
    for (Json result : results.items()) {
      assertFields(result, "index", "relevance_score", "document");
      assertEquals(
          DOCUMENTS.get(result.get("index").asInt()),
          result.get("document").get("text").asString());
    }
    Json more = ok("/v1/rerank", Map.of("query", "roof", "documents", DOCUMENTS, "top_n", 100));
    assertEquals(4, more.get("results").items().size());
  }

  @Test
  void equalDocumentsKeepTheirOrder() throws Exception {
    Json results =
        ok("/v1/rerank", Map.of("query", "roof", "documents", List.of("a", "a", "a")))
            .get("results");
    List<Integer> order = new ArrayList<>();
    for (Json result : results.items()) {
      order.add(result.get("index").asInt());
    }
    assertEquals(List.of(0, 1, 2), order);
  }

  @Test
  void documentsThatAreTooLongAreCutAndTheAnswerSaysSo() throws Exception {
    Map<String, Object> body =
        Map.of("query", "roof", "documents", List.of("a ".repeat(600), "b", "c ".repeat(511)));
    HttpResponse<String> answer = asker.post("/v1/rerank", body);
    assertEquals(200, answer.statusCode());
    assertEquals("2", answer.headers().firstValue("X-Kumiko-Truncated").orElse("none"));
  }

  @Test
  void errorsAreTheirs() throws Exception {
    String route = "/v1/rerank";
    assertContains(
        "\"gpt\"",
        assertCohereError(
            asker.post(route, Map.of("model", "gpt", "query", "a", "documents", List.of("b"))),
            404));
    assertCohereError(
        asker.post(route, Map.of("model", "tiny", "query", "a", "documents", List.of("b"))), 400);
    assertContains(
        "\"documents\" is missing",
        assertCohereError(asker.post(route, Map.of("query", "a")), 400));
    assertCohereError(asker.post(route, Map.of("documents", List.of("a"))), 400);
    assertCohereError(asker.post(route, Map.of("query", "", "documents", List.of("a"))), 400);
    assertCohereError(asker.post(route, Map.of("query", "a", "documents", List.of())), 400);
    assertCohereError(asker.post(route, Map.of("query", "a", "documents", "b")), 400);
    assertCohereError(asker.post(route, Map.of("query", "a", "documents", List.of(7))), 400);
    assertCohereError(
        asker.post(route, Map.of("query", "a", "documents", List.of(Map.of("title", "b")))), 400);
    assertCohereError(
        asker.post(route, Map.of("query", "a", "documents", List.of("b"), "top_n", 0)), 400);
    assertContains(
        "\"texts\"; there are [documents, ",
        assertCohereError(
            asker.post(
                route, Map.of("query", "a", "documents", List.of("b"), "texts", List.of("c"))),
            400));
    assertCohereError(asker.get(route), 405);
    Checks.assertAnswers(server);
  }
}
