package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Computing that fails. */
class FailuresTest {
  private static String message(HttpResponse<String> answer) throws Exception {
    return Checks.assertOpenAiError(answer, 500, "server_error", null, null);
  }

  @Test
  void aLackOfMemoryIsOneRequestsAlone() throws Exception {
    try (SlowServer server = new SlowServer(Optional.empty())) {
      Asker asker = Asker.http1(server.uri());
      List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        others.add(
            asker
                .client()
                .sendAsync(
                    asker.request("POST", SlowServer.ROUTE, SlowServer.body(2)),
                    BodyHandlers.ofString()));
      }
      server.await(9);
      CompletableFuture<HttpResponse<String>> failing =
          asker
              .client()
              .sendAsync(
                  asker.request("POST", SlowServer.ROUTE, "{\"input\": [\"a\", \"memory\"]}"),
                  BodyHandlers.ofString());
      server.await(11);
      server.leave.release(100);
      assertEquals(
          "the server has too little memory for this request; send less at once",
          message(failing.get(20, TimeUnit.SECONDS)));
      for (CompletableFuture<HttpResponse<String>> other : others) {
        assertEquals("2", other.get(20, TimeUnit.SECONDS).body());
      }
      asker.client().shutdownNow();
    }
  }

  @Test
  void aFaultOfTheServerTellsNothingOfIt() throws Exception {
    try (SlowServer server = new SlowServer(Optional.empty())) {
      server.leave.release(100);
      Asker asker = Asker.http1(server.uri());
      for (int i = 0; i < 3; i++) {
        String message = message(asker.post(SlowServer.ROUTE, Map.of("input", "fail")));
        assertEquals("the server failed; its log says why", message);
        assertEquals("1", asker.post(SlowServer.ROUTE, Map.of("input", "a")).body());
      }
      asker.client().shutdownNow();
    }
  }

  @Test
  void halfAnAnswerDoesNotLookComplete() throws Exception {
    try (SlowServer server = new SlowServer(Optional.empty())) {
      Asker asker = Asker.http1(server.uri());
      HttpResponse<String> brief = asker.get(SlowServer.HALF + 10);
      assertEquals(500, brief.statusCode());
      assertEquals("Server Error", message(brief));
      assertThrows(IOException.class, () -> asker.get(SlowServer.HALF + 200_000));
      assertEquals("pong", asker.get(SlowServer.PING).body());
      asker.client().shutdownNow();
    }
  }

  /** It would keep its answer in memory as long as it likes. */
  @Test
  void whoTakesNothingOfAnAnswerIsLeft() throws Exception {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try (SlowServer server =
        new SlowServer(
            options -> {
              options.bodyTime = Duration.ofMillis(500);
              options.log = new PrintStream(log, true, StandardCharsets.UTF_8);
            })) {
      try (RawClient client = RawClient.open(server.uri())) {
        client.send(RawClient.get(SlowServer.LARGE));
        for (int i = 0; i < 2000 && log.size() == 0; i++) {
          Thread.sleep(10);
        }
        Json line = Json.parse("the log", log.toString(StandardCharsets.UTF_8));
        assertEquals(SlowServer.LARGE, line.get("route").asString());
        assertTrue(line.get("bytes").asLong() < 20_000_000, line.get("bytes") + " bytes");
      }
      Asker asker = Asker.http1(server.uri());
      assertEquals("pong", asker.get(SlowServer.PING).body());
      assertEquals(20_000_000, asker.get(SlowServer.LARGE).body().length());
      asker.client().shutdownNow();
    }
  }

  /** Nothing moves on the connection meanwhile. */
  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void whatTakesLongerThanConnectionsMayIdleIsAnswered(HttpClient.Version version)
      throws Exception {
    try (SlowServer server = new SlowServer(options -> options.idle = Duration.ofMillis(500));
        HttpClient client = HttpClient.newBuilder().version(version).build()) {
      Asker asker = new Asker(client, server.uri());
      asker.get(SlowServer.PING);
      CompletableFuture<HttpResponse<String>> working =
          client.sendAsync(
              asker.request("POST", SlowServer.ROUTE, SlowServer.body(1)), BodyHandlers.ofString());
      server.awaitBegun(1);
      Thread.sleep(1500);
      server.leave.release(1);
      HttpResponse<String> answer = working.get(20, TimeUnit.SECONDS);
      assertEquals("1", answer.body());
      assertEquals(version, answer.version());
      client.shutdownNow();
    }
  }

  @Test
  void aFullQueueIsSaidToBeSoAndWhenToTryAgain() throws Exception {
    try (SlowServer server = new SlowServer(Optional.empty())) {
      Asker asker = Asker.http1(server.uri());
      CompletableFuture<HttpResponse<String>> working =
          asker
              .client()
              .sendAsync(
                  asker.request("POST", SlowServer.ROUTE, SlowServer.body(100)),
                  BodyHandlers.ofString());
      server.await(99);
      HttpResponse<String> refused = asker.post(SlowServer.ROUTE, SlowServer.body(2));
      String message =
          Checks.assertOpenAiError(refused, 429, "requests", null, "rate_limit_exceeded");
      assertContains("99 inputs are waiting and 100 at most may", message);
      int seconds = Integer.parseInt(refused.headers().firstValue("Retry-After").orElse("0"));
      assertTrue(seconds >= 1 && seconds <= 60, seconds + " s");
      assertContains("try again in " + seconds + " s", message);
      server.leave.release(1000);
      assertEquals("100", working.get(20, TimeUnit.SECONDS).body());
      assertEquals("2", asker.post(SlowServer.ROUTE, SlowServer.body(2)).body());
      asker.client().shutdownNow();
    }
  }
}
