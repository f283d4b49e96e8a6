package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that wants API keys. */
class KeysTest {
  private static final Map<String, ?> GOOD = Map.of("input", "a");

  @TempDir private Path folder;

  private static HttpResponse<String> with(ServerFixture server, String route, String key)
      throws IOException, InterruptedException {
    return server
        .asker()
        .post(route, dev.kumiko.format.Json.text(GOOD), "Authorization", "Bearer " + key);
  }

  @Test
  void eachApiSaysInItsOwnShapeThatAKeyIsWanting() throws Exception {
    try (ServerFixture server = TroubledServers.locked(folder)) {
      Asker asker = server.asker();
      HttpResponse<String> none = asker.post("/v1/embeddings", GOOD);
      assertEquals(
          "an API key is needed: Authorization: Bearer KEY",
          Checks.assertOpenAiError(none, 401, "invalid_request_error", null, "invalid_api_key"));
      assertEquals("Bearer", none.headers().firstValue("WWW-Authenticate").orElse("none"));
      assertEquals(
          "the API key is not known to this server",
          Checks.assertOpenAiError(
              with(server, "/v1/embeddings", "wrong-key-0123456789"),
              401,
              "invalid_request_error",
              null,
              "invalid_api_key"));
      String[] bare = {"Authorization", TroubledServers.KEY};
      Checks.assertContains(
          "no \"Bearer \" before the key",
          Checks.assertPlainError(asker.post("/api/embed", Json.text(GOOD), bare), 401));
      Checks.assertTeiError(asker.post("/embed", GOOD), 401, "Validation");
      Checks.assertCohereError(asker.post("/v1/rerank", GOOD), 401);
      Checks.assertPlainError(asker.post("/api/embed", GOOD), 401);
      for (String route : List.of("/metrics", "/info", "/v1/models")) {
        assertEquals(401, asker.get(route).statusCode(), route);
      }
      for (String route : List.of("/health", "/health/live", "/health/ready")) {
        assertEquals(200, asker.get(route).statusCode(), route);
      }
      assertEquals(200, with(server, "/v1/embeddings", TroubledServers.KEY).statusCode());
    }
  }

  @Test
  void keysAreChangedWhileItServes() throws Exception {
    String other = "another-key-0123456789";
    try (ServerFixture server = TroubledServers.locked(folder)) {
      assertEquals(401, with(server, "/v1/embeddings", other).statusCode());
      Path keys = folder.resolve("keys.txt");
      Files.writeString(keys, other + "\n", StandardOpenOption.APPEND);
      int status = 401;
      for (int i = 0; i < 500 && status == 401; i++) {
        Thread.sleep(20);
        status = with(server, "/v1/embeddings", other).statusCode();
      }
      assertEquals(200, status);
      assertEquals(200, with(server, "/v1/embeddings", TroubledServers.KEY).statusCode());
    }
  }

  @Test
  void otherMachinesMayNotAskWithoutKeys() {
    IOException e =
        assertThrows(
            IOException.class, () -> ServerFixture.start(options -> options.host = "0.0.0.0"));
    assertEquals(
        "0.0.0.0 is open to other machines, and there are no API keys: give --api-key-file FILE, or"
            + " --insecure if something else keeps strangers out",
        e.getMessage());
  }

  @Test
  void withKeysOtherMachinesMayAsk() throws Exception {
    Path keys = TroubledServers.keyFile(folder.resolve("keys.txt"), TroubledServers.KEY);
    try (ServerFixture server =
        ServerFixture.start(
            options -> {
              options.host = "0.0.0.0";
              options.keys = java.util.Optional.of(keys);
            })) {
      assertEquals(200, with(server, "/v1/embeddings", TroubledServers.KEY).statusCode());
    }
  }
}
