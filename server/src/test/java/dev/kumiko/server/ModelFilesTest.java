package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model files that are replaced, written to, or none. */
class ModelFilesTest {
  @TempDir private Path folder;

  private static float[] vector(ServerFixture server, String model, String text)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        server.asker().post("/v1/embeddings", Map.of("model", model, "input", text));
    assertEquals(200, answer.statusCode(), answer.body());
    Json data = Asker.json(answer).get("data");
    return Checks.floats(data.items().getFirst().get("embedding"));
  }

  @Test
  void aFileThatIsReplacedByRenamingDoesNoHarm() throws Exception {
    Path model = Files.copy(ServerFixture.EMBEDDER, folder.resolve("model.safetensors"));
    List<float[]> expected = Checks.embedded(model, "a purlin", "the roof");
    try (ServerFixture server =
        ServerFixture.start(
            options -> options.models = List.of(ServerFixture.named("tiny", model)))) {
      Path next = Files.copy(ServerFixture.OTHER, folder.resolve("next.safetensors"));
      Files.move(next, model, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      Checks.assertVectors(
          expected,
          List.of(vector(server, "tiny", "a purlin"), vector(server, "tiny", "the roof")));
      Files.delete(model);
      Checks.assertVectors(
          expected,
          List.of(vector(server, "tiny", "a purlin"), vector(server, "tiny", "the roof")));
    }
  }

  @Test
  void aFileThatIsWrittenToIsNotComputedWith() throws Exception {
    try (ServerFixture server = TroubledServers.changed(folder)) {
      Asker asker = server.asker();
      for (int i = 0; i < 3; i++) {
        String message =
            Checks.assertOpenAiError(
                asker.post("/v1/embeddings", Map.of("input", "a")),
                503,
                "server_error",
                null,
                null);
        assertContains("since it was loaded", message);
        assertContains("; the server has to be started again", message);
        assertContains(
            "started again",
            Checks.assertTeiError(asker.post("/embed", Map.of("inputs", "a")), 503, "Unhealthy"));
        assertContains(
            "started again",
            Checks.assertCohereError(
                asker.post("/v1/rerank", Map.of("query", "a", "documents", List.of("b"))), 503));
        assertContains(
            "started again",
            Checks.assertPlainError(
                asker.post("/api/embed", Map.of("model", "tiny", "input", "a")), 503));
      }
      assertEquals(200, asker.get("/health/live").statusCode());
      assertTroubled(asker);
    }
  }

  /** A request is counted after its answer has gone. */
  private static void assertTroubled(Asker asker) throws Exception {
    HttpResponse<String> answer = asker.get("/health/ready");
    for (int i = 0; i < 1000 && answer.statusCode() == 200; i++) {
      answer = asker.get("/health/ready");
    }
    assertEquals(503, answer.statusCode());
    assertEquals("model_changed", Asker.json(answer).get("status").asString());
  }

  @Test
  void oneModelsFaultIsNotAnothers() throws Exception {
    Path model = Files.copy(ServerFixture.OTHER, folder.resolve("model.safetensors"));
    try (ServerFixture server =
        ServerFixture.start(
            options ->
                options.models =
                    List.of(
                        ServerFixture.named("tiny", ServerFixture.EMBEDDER),
                        ServerFixture.named("bad", model)))) {
      TroubledServers.writeInPlace(model);
      assertEquals(
          503,
          server.asker().post("/v1/embeddings", Map.of("model", "bad", "input", "a")).statusCode());
      Checks.assertVectors(
          Checks.embedded(ServerFixture.EMBEDDER, "a"), List.of(vector(server, "tiny", "a")));
      assertEquals(200, server.asker().get("/health/ready").statusCode());
    }
  }

  private static String refused(String name, Path... files) {
    return assertThrows(
            IOException.class,
            () ->
                ServerFixture.start(
                    options ->
                        options.models =
                            List.of(files).stream()
                                .map(file -> ServerFixture.named(name, file))
                                .toList()))
        .getMessage();
  }

  @Test
  void whatIsNoModelIsRefusedAtTheStart() throws Exception {
    Path none = folder.resolve("none.safetensors");
    assertContains("none.safetensors", refused("a", none));
    Files.writeString(none, "hello");
    assertContains("none.safetensors", refused("a", none));
    byte[] half = Files.readAllBytes(ServerFixture.EMBEDDER);
    Files.write(none, java.util.Arrays.copyOf(half, half.length / 2));
    assertContains("none.safetensors", refused("a", none));
    assertEquals(
        "two models are named \"a\"; give one another name: --model NAME=FILE",
        refused("a", ServerFixture.EMBEDDER, ServerFixture.OTHER));
  }
}
