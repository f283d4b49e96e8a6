package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static dev.kumiko.server.Checks.assertFields;
import static dev.kumiko.server.Checks.assertPlainError;
import static dev.kumiko.server.Checks.assertVectors;
import static dev.kumiko.server.Checks.embedded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /api/embed}. */
class OllamaRouteTest {
  private static final String ROUTE = "/api/embed";

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

  private static List<float[]> vectors(HttpResponse<String> answer) throws IOException {
    assertEquals(200, answer.statusCode(), answer.body());
    List<float[]> vectors = new ArrayList<>();
    for (Json each : Asker.json(answer).get("embeddings").items()) {
      vectors.add(Checks.floats(each));
    }
    return vectors;
  }

  @Test
  void everyFieldIsThere() throws Exception {
    HttpResponse<String> answer =
        asker.post(
            ROUTE,
            Map.of(
                "model",
                "tiny:latest",
                "input",
                List.of("a purlin", "a roof"),
                "keep_alive",
                "5m",
                "options",
                Map.of("num_ctx", 512)));
    assertVectors(embedded(ServerFixture.EMBEDDER, "a purlin", "a roof"), vectors(answer));
    Json body = Asker.json(answer);
    assertFields(
        body, "model", "embeddings", "total_duration", "load_duration", "prompt_eval_count");
    assertEquals("tiny", body.get("model").asString());
    assertTrue(body.get("total_duration").asLong() > 0);
    assertEquals(0, body.get("load_duration").asLong());
    assertTrue(body.get("prompt_eval_count").asInt() >= 8);
  }

  @Test
  void aTextIsEnough() throws Exception {
    assertVectors(
        embedded(ServerFixture.OTHER, "a purlin"),
        vectors(asker.post(ROUTE, Map.of("model", "other", "input", "a purlin"))));
    float[] cut =
        vectors(asker.post(ROUTE, Map.of("model", "tiny", "input", "a", "dimensions", 4)))
            .getFirst();
    assertEquals(4, cut.length);
  }

  @Test
  void longTextsAreCutUnlessToldOtherwise() throws Exception {
    String tooLong = "a ".repeat(600);
    HttpResponse<String> cut = asker.post(ROUTE, Map.of("model", "tiny", "input", tooLong));
    assertVectors(embedded(ServerFixture.EMBEDDER, tooLong), vectors(cut));
    assertEquals("1", cut.headers().firstValue("X-Kumiko-Truncated").orElse("none"));
    assertContains(
        "input has 602 tokens",
        assertPlainError(
            asker.post(ROUTE, Map.of("model", "tiny", "input", tooLong, "truncate", false)), 400));
  }

  @Test
  void errorsAreTheirs() throws Exception {
    assertContains(
        "there is no model \"llama\"",
        assertPlainError(asker.post(ROUTE, Map.of("model", "llama:latest", "input", "a")), 404));
    assertPlainError(asker.post(ROUTE, Map.of("model", "tiny")), 400);
    assertPlainError(asker.post(ROUTE, Map.of("model", "tiny", "input", "")), 400);
    assertPlainError(asker.post(ROUTE, Map.of("model", "tiny", "input", List.of(1))), 400);
    assertPlainError(asker.post(ROUTE, Map.of("model", "tiny", "input", "a", "raw", true)), 400);
    assertPlainError(asker.post(ROUTE, Map.of("model", 7, "input", "a")), 400);
    assertPlainError(asker.get(ROUTE), 405);
  }
}
