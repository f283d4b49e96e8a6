package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import dev.kumiko.server.http.Address;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 and HTTP/2, in the clear and by TLS. */
class ProtocolsTest {
  @TempDir private Path folder;

  private static Asker asker(ServerFixture server, Optional<Address.Tls> tls, boolean two)
      throws IOException {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(two ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
    if (tls.isPresent()) {
      client.sslContext(Certificates.trusting(tls.get().certificate()));
    }
    return new Asker(client.build(), server.uri());
  }

  private static List<float[]> vectors(HttpResponse<String> answer) throws IOException {
    assertEquals(200, answer.statusCode(), answer.body());
    List<float[]> vectors = new ArrayList<>();
    for (Json each : Asker.json(answer).get("data").items()) {
      vectors.add(Checks.floats(each.get("embedding")));
    }
    return vectors;
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void allGiveTheSame(boolean secure, boolean two) throws Exception {
    Optional<Address.Tls> tls =
        secure ? Optional.of(Certificates.make(folder, "server", "EC")) : Optional.empty();
    List<float[]> one = Checks.embedded(ServerFixture.EMBEDDER, "a purlin");
    try (ServerFixture server = ServerFixture.start(options -> options.tls = tls)) {
      Asker asker = asker(server, tls, two);
      try (HttpClient client = asker.client()) {
        assertEquals(secure ? "https" : "http", server.uri().getScheme());
        // In the clear the first request asks to go on in HTTP/2, and has a body.
        HttpResponse<String> first = asker.post("/v1/embeddings", Map.of("input", "a purlin"));
        Checks.assertVectors(one, vectors(first));
        HttpResponse<String> large =
            asker.post("/v1/embeddings", Map.of("input", Collections.nCopies(300, "a purlin")));
        Checks.assertVectors(Collections.nCopies(300, one.getFirst()), vectors(large));
        HttpResponse<String> models = asker.get("/v1/models");
        assertEquals(
            two ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1, models.version());
        HttpResponse<String> again = asker.post("/v1/embeddings", Map.of("input", "a purlin"));
        assertEquals(models.version(), again.version());
        Checks.assertVectors(one, vectors(again));
        Checks.assertOpenAiError(
            asker.post("/v1/embeddings", "{"), 400, "invalid_request_error", null, null);
        Checks.assertOpenAiError(
            asker.post("/v1/embeddings", Map.of("input", "a".repeat(9_000_000))),
            413,
            "invalid_request_error",
            null,
            null);
        Checks.assertPlainError(asker.get("/nowhere"), 404);
        assertEquals(405, asker.send("HEAD", "/v1/embeddings", "").statusCode());
        assertEquals(200, asker.send("HEAD", "/v1/models", "").statusCode());
        client.shutdownNow();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, true"})
  void manyAskAtATime(boolean secure, boolean two) throws Exception {
    Optional<Address.Tls> tls =
        secure ? Optional.of(Certificates.make(folder, "server", "EC")) : Optional.empty();
    String[] texts = new String[40];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = "beam " + i + " of the roof ".repeat(i % 5);
    }
    List<float[]> expected = Checks.embedded(ServerFixture.EMBEDDER, texts);
    try (ServerFixture server = ServerFixture.start(options -> options.tls = tls);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Asker asker = asker(server, tls, two);
      assertEquals(200, asker.get("/health").statusCode());
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < 16; c++) {
        int begin = c;
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < texts.length; i++) {
                    int text = (begin + i) % texts.length;
                    Checks.assertVectors(
                        List.of(expected.get(text)),
                        vectors(asker.post("/v1/embeddings", Map.of("input", texts[text]))));
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      asker.client().shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void keysOfTheseAlgorithmsServe(String algorithm) throws Exception {
    Optional<Address.Tls> tls = Optional.of(Certificates.make(folder, "server", algorithm));
    try (ServerFixture server = ServerFixture.start(options -> options.tls = tls);
        HttpClient client = asker(server, tls, true).client()) {
      assertEquals(200, new Asker(client, server.uri()).get("/health").statusCode());
      client.shutdownNow();
    }
  }

  @Test
  void aPlainRequestToATlsPortIsRefused() throws Exception {
    Address.Tls tls = Certificates.make(folder, "server", "EC");
    try (ServerFixture server = ServerFixture.start(options -> options.tls = Optional.of(tls))) {
      try (RawClient client = RawClient.open(server.uri())) {
        client.trySend(RawClient.get("/health"));
        IOException none = assertThrows(IOException.class, client::read);
        Checks.assertNoInsides(String.valueOf(none.getMessage()).replace("java.", ""));
      }
      Asker stranger = Asker.http1(server.uri());
      assertThrows(SSLException.class, () -> stranger.get("/health"));
      assertEquals(200, asker(server, Optional.of(tls), true).get("/health").statusCode());
    }
  }

  @Test
  void aTlsHelloToAPlainPortIsRefused() throws Exception {
    try (ServerFixture server = ServerFixture.start()) {
      Asker asker =
          new Asker(
              HttpClient.newHttpClient(),
              java.net.URI.create(server.uri().toString().replace("http:", "https:")));
      assertThrows(IOException.class, () -> asker.get("/health"));
      Checks.assertAnswers(server);
    }
  }

  @Test
  void aPortInUseIsSaidSo() throws Exception {
    try (ServerFixture server = ServerFixture.start()) {
      int port = server.uri().getPort();
      IOException e =
          assertThrows(
              IOException.class, () -> ServerFixture.start(options -> options.port = port).close());
      assertEquals(
          "port %d of 127.0.0.1 is in use, or not allowed; choose another: --port".formatted(port),
          e.getMessage());
      Checks.assertAnswers(server);
    }
  }

  @Test
  void nothingIsLeftOfAServerThatDidNotStart() throws Exception {
    try (ServerFixture server = ServerFixture.start()) {
      int port = server.uri().getPort();
      Path noKeys = folder.resolve("none.txt");
      Thread.getAllStackTraces(); // the JDK's own threads are there
      long before = kumikoThreads();
      for (int i = 0; i < 3; i++) {
        assertThrows(
            IOException.class, () -> ServerFixture.start(options -> options.port = port).close());
        assertThrows(
            IOException.class,
            () -> ServerFixture.start(options -> options.keys = Optional.of(noKeys)).close());
      }
      for (int i = 0; i < 200 && kumikoThreads() > before; i++) {
        Thread.sleep(10);
      }
      assertTrue(kumikoThreads() <= before, "threads are left");
    }
  }

  private static long kumikoThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("kumiko-"))
        .count();
  }
}
