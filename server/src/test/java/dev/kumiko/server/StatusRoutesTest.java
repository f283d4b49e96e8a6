package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static dev.kumiko.server.Checks.assertPlainError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Health, metrics, and what is no route. */
class StatusRoutesTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/health/ready"})
  void itIsUp(String route) throws Exception {
    HttpResponse<String> answer = asker.get(route);
    assertEquals(200, answer.statusCode());
    assertEquals("{\"status\":\"up\"}", answer.body());
    assertEquals(200, asker.send("HEAD", route, "").statusCode());
    assertPlainError(asker.post(route, "{}"), 405);
  }

  @Test
  void metricsCountRequestsTextsAndBatches() throws Exception {
    assertEquals(
        200, asker.post("/v1/embeddings", Map.of("input", List.of("a", "b", "c"))).statusCode());
    assertEquals(404, asker.post("/v1/embeddings", Map.of("model", "gpt")).statusCode());
    assertEquals(404, asker.get("/secret-path").statusCode());
    try (RawClient flood = RawClient.open(server.uri())) {
      flood.trySend(RawClient.get("/" + "a".repeat(40_000)));
      assertEquals(414, flood.read().status());
    }
    HttpResponse<String> answer = metricsOnceCounted();
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        answer.headers().firstValue("Content-Type").orElse(""));
    String text = answer.body();
    for (String line :
        List.of(
            "kumiko_http_requests_seconds_count{route=\"/v1/embeddings\",status=\"200\"}",
            "kumiko_http_requests_seconds_count{route=\"/v1/embeddings\",status=\"404\"}",
            "kumiko_http_requests_seconds_count{route=\"none\",status=\"404\"}",
            "kumiko_http_requests_seconds_count{route=\"none\",status=\"414\"}",
            "kumiko_http_requests_seconds_bucket{",
            "kumiko_texts_total{model=\"tiny\"} 3",
            "kumiko_tokens_total{model=\"tiny\"} 9",
            "kumiko_queue_wait_seconds_count 1",
            "kumiko_batch_inputs_count",
            "kumiko_batch_tokens_count",
            "kumiko_batch_compute_seconds_count",
            "kumiko_queue_inputs 0",
            "kumiko_pool_threads 2",
            "kumiko_vector_bits{model=\"tiny\"} 0",
            "# HELP kumiko_texts_total Texts that were computed.",
            "# HELP kumiko_tokens_total Tokens that were computed.",
            "jvm_memory_used_bytes")) {
      assertContains(line, text);
    }
    assertFalse(text.contains("secret-path"), "a path that anybody can make up");
    assertFalse(text.contains("gpt"), "a name that anybody can make up");
  }

  /** A request is counted after its answer has gone. */
  private static HttpResponse<String> metricsOnceCounted()
      throws IOException, InterruptedException {
    HttpResponse<String> answer = asker.get("/metrics");
    for (int i = 0; i < 100 && !answer.body().contains("status=\"414\""); i++) {
      Thread.sleep(20);
      answer = asker.get("/metrics");
    }
    return answer;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1", "/x?y", "/v9/x", "/x/"})
  void whatIsNoRouteIsNotFound(String path) throws Exception {
    for (String method : List.of("GET", "POST")) {
      HttpResponse<String> answer = asker.send(method, path, method.equals("GET") ? "" : "{}");
      assertEquals(
          "there is no route %s; GET /openapi.json lists what there is"
              .formatted(path.replace("?y", "")),
          assertPlainError(answer, 404));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/embeddings/", "/V1/embeddings", "/embeddings", "/x/y/embeddings"})
  void aPathBesideARouteIsToldWhichIsMeant(String path) throws Exception {
    assertEquals(
        "there is no route %s, did you mean /v1/embeddings?; GET /openapi.json lists what there is"
            .formatted(path),
        Checks.assertOpenAiError(
            asker.send("POST", path, "{}"), 404, "invalid_request_error", null, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/v1/embeddings/x", "/v1/"})
  void aRouteThatTheApiHasElsewhereIsRefusedInItsShape(String path) throws Exception {
    assertContains(
        "there is no route " + path + ";",
        Checks.assertOpenAiError(
            asker.send("POST", path, "{}"), 404, "invalid_request_error", null, null));
  }

  @Test
  void aQueryIsNoPartOfARoute() throws Exception {
    assertEquals(
        200, asker.post("/v1/embeddings?api-version=1", Map.of("input", "a")).statusCode());
  }

  @Test
  void otherPagesMayNotAskUnlessTheyAreNamed() throws Exception {
    String[] foreign = {"Origin", "https://example.org"};
    HttpResponse<String> closed = asker.get("/health", foreign);
    assertTrue(closed.headers().firstValue("Access-Control-Allow-Origin").isEmpty());
    try (ServerFixture open =
        ServerFixture.start(options -> options.origin = Optional.of("https://example.org"))) {
      Asker ask = open.asker();
      assertEquals(
          "https://example.org",
          ask.get("/health", foreign)
              .headers()
              .firstValue("Access-Control-Allow-Origin")
              .orElse("none"));
      assertTrue(
          ask.get("/health", "Origin", "https://exampleXorg")
              .headers()
              .firstValue("Access-Control-Allow-Origin")
              .isEmpty());
      HttpResponse<String> before =
          ask.send(
              "OPTIONS",
              "/v1/embeddings",
              "",
              "Origin",
              "https://example.org",
              "Access-Control-Request-Method",
              "POST",
              "Access-Control-Request-Headers",
              "content-type,authorization");
      assertEquals(200, before.statusCode());
      assertContains(
          "POST", before.headers().firstValue("Access-Control-Allow-Methods").orElse("none"));
      HttpResponse<String> answer =
          ask.send(
              "POST",
              "/v1/embeddings",
              Json.text(Map.of("input", "a")),
              "Origin",
              "https://example.org");
      assertEquals(200, answer.statusCode());
    }
  }
}
