package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is told to end. */
class StopTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static void awaitRefusal(SlowServer server) throws IOException, InterruptedException {
    for (int i = 0; i < 1000; i++) {
      try {
        RawClient.open(server.uri()).close();
        Thread.sleep(10);
      } catch (SocketException e) { // refused, or reset as the port is being closed
        return;
      }
    }
    throw new AssertionError("it still takes connections");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void whatWasAcceptedIsAnswered(HttpClient.Version version) throws Exception {
    try (SlowServer server = new SlowServer(options -> options.stop = PATIENCE)) {
      HttpClient client = HttpClient.newBuilder().version(version).build();
      Asker asker = new Asker(client, server.uri());
      assertEquals(version, asker.get(SlowServer.PING).version());
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              asker.request("POST", SlowServer.ROUTE, SlowServer.body(3)), BodyHandlers.ofString());
      server.await(2);
      Thread stopping = Thread.ofPlatform().start(server::stop);
      awaitRefusal(server);
      // Longer than idle connections are waited for.
      assertFalse(stopping.join(Duration.ofMillis(2500)), "it did not wait");
      assertFalse(answer.isDone(), answer::toString);
      server.leave.release(3);
      assertEquals("3", answer.get(20, TimeUnit.SECONDS).body());
      assertEquals(version, answer.get().version());
      assertTrue(stopping.join(PATIENCE), "it does not end");
      assertEquals(3, server.computed.get());
    }
  }

  @Test
  void whatComesLaterIsRefused() throws Exception {
    try (SlowServer server = new SlowServer(options -> options.stop = PATIENCE);
        RawClient before = RawClient.open(server.uri());
        RawClient working = RawClient.open(server.uri())) {
      working.send(RawClient.post(SlowServer.ROUTE, SlowServer.body(1)));
      server.awaitBegun(1);
      Thread stopping = Thread.ofPlatform().start(server::stop);
      awaitRefusal(server);
      before.trySend(RawClient.post(SlowServer.ROUTE, SlowServer.body(1)));
      try {
        RawClient.Answer answer = before.read();
        assertEquals(503, answer.status());
        Json error = Json.parse("the answer", answer.body()).get("error"); // of OpenAI's shape
        assertEquals("the server is stopping", error.get("message").asString());
        assertEquals("server_error", error.get("type").asString());
        assertEquals("application/json", answer.headers().get("Content-Type"));
      } catch (IOException e) {
        assertTrue(before.isClosed()); // which is an answer, too
      }
      assertEquals(1, server.begun.get());
      server.leave.release(1);
      assertEquals("1", working.read().body());
      assertTrue(stopping.join(PATIENCE), "it does not end");
      assertThrows(ConnectException.class, () -> RawClient.open(server.uri()).close());
    }
  }

  @Test
  void itIsNotReadyWhileItStops() throws Exception {
    try (TroubledServers.Busy busy = new TroubledServers.Busy(PATIENCE);
        RawClient probe = RawClient.open(busy.server.uri())) {
      probe.send(RawClient.get("/health/ready"));
      assertEquals(200, probe.read().status());
      Thread stopping = Thread.ofPlatform().start(busy.server::close);
      int status = 200;
      try {
        for (int i = 0; i < 1000 && status == 200; i++) {
          probe.send(RawClient.get("/health/ready"));
          status = probe.read().status();
        }
        assertEquals(503, status);
      } catch (IOException e) {
        assertTrue(probe.isClosed()); // no connection is no readiness
      }
      busy.giveUp();
      assertTrue(stopping.join(PATIENCE), "it does not end");
    }
  }

  @Test
  void whoTakesHisTimeGetsAllOfItsAnswer() throws Exception {
    ServerFixture server = ServerFixture.start(options -> options.stop = PATIENCE);
    try (RawClient slow = RawClient.open(server.uri())) {
      String texts = Json.text(Map.of("inputs", Collections.nCopies(300, "a ".repeat(1000))));
      slow.send(
          RawClient.post("/tokenize", texts).replaceFirst("Host", "Connection: close\r\nHost"));
      slow.peek();
      Thread stopping = Thread.ofPlatform().start(server::close);
      Thread.sleep(2500); // longer than idle connections are waited for
      assertTrue(stopping.isAlive(), "it did not wait");
      Json lists = Json.parse("the answer", slow.read().body());
      assertEquals(300, lists.items().size());
      assertTrue(stopping.join(PATIENCE), "it does not end");
    }
  }

  @Test
  void aBodyThatIsOnItsWayIsWaitedFor() throws Exception {
    ServerFixture server = ServerFixture.start(options -> options.stop = PATIENCE);
    try (RawClient slow = RawClient.open(server.uri())) {
      String request = RawClient.post("/embed", Json.text(Map.of("inputs", "a")));
      slow.send(request.substring(0, request.length() - 3));
      Thread.sleep(500); // until it is read
      Thread stopping = Thread.ofPlatform().start(server::close);
      Thread.sleep(2500); // longer than idle connections are waited for
      slow.send(request.substring(request.length() - 3));
      assertEquals(200, slow.read().status());
      assertTrue(stopping.join(PATIENCE), "it does not end");
    }
  }

  @Test
  void anIdleServerStopsAtOnce() throws Exception {
    ServerFixture server = ServerFixture.start(options -> options.stop = PATIENCE);
    try (RawClient idle = RawClient.open(server.uri())) {
      idle.send(RawClient.get("/health"));
      assertEquals(200, idle.read().status());
      Thread stopping = Thread.ofPlatform().start(server::close);
      assertTrue(idle.isClosed());
      assertTrue(stopping.join(Duration.ofSeconds(10)), "it does not end");
    }
    server.close(); // again, in vain
  }
}
