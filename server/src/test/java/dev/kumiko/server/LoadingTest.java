package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.Precision;
import dev.kumiko.server.batch.BatchListener;
import dev.kumiko.server.batch.Batcher;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Fault;
import dev.kumiko.server.http.HttpServer;
import dev.kumiko.server.metrics.ServerMetrics;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ServedEmbedder;
import dev.kumiko.server.model.ServedModel;
import dev.kumiko.server.status.StatusRoutes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server that listens, and has no models yet. */
class LoadingTest {
  private static final String MESSAGE = "the server is loading its models; try again in a second";

  private final ServerSettings settings = ServerFixture.settings(new ServerFixture.Options());

  private Collection<ServedModel> load(ModelCatalog models) throws IOException {
    return models.load(settings.models(), 1, Precision.CLOSEST);
  }

  @Test
  void whoComesTooEarlyIsToldToComeAgain() throws Exception {
    ModelCatalog models = new ModelCatalog();
    StatusRoutes status = new StatusRoutes(new ServerMetrics());
    Batcher batcher = new Batcher(settings.batches(), BatchListener.NONE);
    HttpServer http =
        new HttpServer(
            settings.address(),
            settings.limits(),
            EmbeddingServer.routes(settings, models, status),
            batcher,
            (notes, code, nanos) -> {},
            null);
    http.start();
    try {
      Asker asker = Asker.http1(http.uri());
      assertEquals(200, asker.get("/health/live").statusCode());
      assertEquals(200, asker.get("/").statusCode());
      assertState(503, "loading", asker.get("/health/ready"));
      assertTold(asker);
      load(models);
      status.ready(1);
      assertState(200, "up", asker.get("/health/ready"));
      assertEquals(
          200, asker.post("/v1/embeddings", Map.of("model", "tiny", "input", "a")).statusCode());
      status.stopping();
      assertState(503, "stopping", asker.get("/health"));
      asker.client().shutdownNow();
    } finally {
      http.close();
      batcher.close();
      models.close();
    }
  }

  private static void assertState(int code, String state, HttpResponse<String> answer)
      throws IOException {
    assertEquals(code, answer.statusCode());
    assertEquals(state, Asker.json(answer).get("status").asString());
  }

  private static void assertTold(Asker asker) throws Exception {
    List<HttpResponse<String>> openAi =
        List.of(asker.get("/v1/models"), asker.post("/v1/embeddings", Map.of("input", "a")));
    for (HttpResponse<String> answer : openAi) {
      assertEquals(MESSAGE, Checks.assertOpenAiError(answer, 503, "server_error", null, null));
      assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
    }
    Checks.assertTeiError(asker.get("/info"), 503, "Unhealthy");
    Checks.assertTeiError(asker.post("/embed", Map.of("inputs", "a")), 503, "Unhealthy");
    Checks.assertTeiError(asker.post("/predict", Map.of("inputs", "a")), 503, "Unhealthy");
    Map<String, ?> ranking = Map.of("model", "rerank", "query", "a", "documents", List.of("b"));
    Checks.assertCohereError(asker.post("/v2/rerank", ranking), 503);
    HttpResponse<String> ollama = asker.post("/api/embed", Map.of("model", "tiny", "input", "a"));
    assertEquals(503, ollama.statusCode());
    assertContains(MESSAGE, ollama.body());
  }

  @Test
  void whatIsLoadedTooLateIsClosed() throws Exception {
    ModelCatalog models = new ModelCatalog();
    models.close();
    ServedEmbedder tiny = (ServedEmbedder) load(models).iterator().next();
    assertThrows(IllegalStateException.class, () -> tiny.embedder().embed("a"));
    ApiException early = assertThrows(ApiException.class, () -> models.find("tiny"));
    assertEquals(Fault.UNAVAILABLE, early.fault());
  }
}
