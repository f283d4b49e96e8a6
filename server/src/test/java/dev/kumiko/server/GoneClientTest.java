package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.server.http.Address;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that go away before their answer is there: what waits for them is not computed. */
class GoneClientTest {
  @TempDir private Path folder;

  private static RawClient secure(SlowServer server, Address.Tls tls) throws IOException {
    SSLContext context = Certificates.trusting(tls.certificate());
    Socket socket = context.getSocketFactory().createSocket("127.0.0.1", server.uri().getPort());
    return new RawClient(socket);
  }

  private Optional<Address.Tls> tls(boolean secure) throws IOException {
    return secure ? Optional.of(Certificates.make(folder, "server", "EC")) : Optional.empty();
  }

  /** Expects that only what had begun is computed, and that others are served. */
  private static void assertRest(SlowServer server, RawClient other) throws Exception {
    server.await(0);
    server.leave.release(100);
    other.send(RawClient.post(SlowServer.ROUTE, SlowServer.body(2)));
    assertEquals("2", other.read().body());
    assertEquals(3, server.computed.get());
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void ofHttp1(boolean secure, boolean reset) throws Exception {
    Optional<Address.Tls> tls = tls(secure);
    try (SlowServer server = new SlowServer(tls);
        RawClient other = secure ? secure(server, tls.get()) : RawClient.open(server.uri())) {
      RawClient gone = secure ? secure(server, tls.get()) : RawClient.open(server.uri());
      gone.send(RawClient.post(SlowServer.ROUTE, SlowServer.body(50)));
      server.await(49);
      if (reset) {
        gone.reset();
      } else {
        gone.close();
      }
      assertRest(server, other);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void ofHttp2(boolean secure, boolean close) throws Exception {
    Optional<Address.Tls> tls = tls(secure);
    try (SlowServer server = new SlowServer(tls);
        RawClient other = secure ? secure(server, tls.get()) : RawClient.open(server.uri())) {
      HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2);
      if (secure) {
        builder.sslContext(Certificates.trusting(tls.get().certificate()));
      }
      try (HttpClient client = builder.build()) {
        Asker asker = new Asker(client, server.uri());
        assertEquals(HttpClient.Version.HTTP_2, asker.get(SlowServer.PING).version());
        CompletableFuture<HttpResponse<String>> gone =
            client.sendAsync(
                asker.request("POST", SlowServer.ROUTE, SlowServer.body(50)),
                BodyHandlers.ofString());
        server.await(49);
        if (close) {
          client.shutdownNow();
          assertRest(server, other);
        } else {
          assertTrue(gone.cancel(true));
          assertRest(server, other);
          assertEquals("pong", asker.get(SlowServer.PING).body()); // the connection lives on
        }
      }
    }
  }

  @Test
  void aRealServerGivesUpTheWorkOfWhoHasGone() throws Exception {
    try (TroubledServers.Busy busy = new TroubledServers.Busy()) {
      busy.giveUp();
      TroubledServers.await(busy.server, 0, 0);
      Checks.assertAnswers(busy.server);
    }
  }

  /** Who asks twice on one connection without waiting has not gone. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoAsksOnIsAnsweredInOrder(boolean secure) throws Exception {
    Optional<Address.Tls> tls = tls(secure);
    try (SlowServer server = new SlowServer(tls);
        RawClient client = secure ? secure(server, tls.get()) : RawClient.open(server.uri())) {
      for (int round = 0; round < 3; round++) {
        int begun = server.begun.get();
        client.send(RawClient.post(SlowServer.ROUTE, SlowServer.body(1)));
        server.awaitBegun(begun + 1);
        Thread.sleep(120); // it has looked at the connection
        client.send(RawClient.post(SlowServer.ROUTE, SlowServer.body(2)));
        client.send(RawClient.get(SlowServer.PING));
        Thread.sleep(120); // and seen this
        server.leave.release(3);
        assertEquals("1", client.read().body());
        assertEquals("2", client.read().body());
        assertEquals("pong", client.read().body());
      }
    }
  }

  /** More than is read ahead. */
  @Test
  void whoSendsMuchAheadLosesNothing() throws Exception {
    try (SlowServer server = new SlowServer(Optional.empty());
        RawClient client = RawClient.open(server.uri())) {
      client.send(RawClient.post(SlowServer.ROUTE, SlowServer.body(1)));
      server.awaitBegun(1);
      String later = RawClient.post(SlowServer.ROUTE, SlowServer.body(100));
      for (int i = 0; i < 50; i++) {
        client.send(later);
      }
      Thread.sleep(120);
      server.leave.release(5001);
      assertEquals("1", client.read().body());
      for (int i = 0; i < 50; i++) {
        assertEquals("100", client.read().body());
      }
    }
  }

  /** What was read ahead of it is the rest of a request whose beginning was taken before. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoSendsARequestInPartsAheadIsAnswered(boolean secure) throws Exception {
    Optional<Address.Tls> tls = tls(secure);
    try (SlowServer server = new SlowServer(tls);
        RawClient client = secure ? secure(server, tls.get()) : RawClient.open(server.uri())) {
      String request = RawClient.post(SlowServer.ROUTE, SlowServer.body(1));
      client.send(request);
      server.awaitBegun(1);
      client.send(request + "GET");
      Thread.sleep(120);
      server.leave.release(1);
      server.awaitBegun(2);
      client.send(RawClient.get(SlowServer.PING).substring(3));
      Thread.sleep(120);
      server.leave.release(1);
      assertEquals("1", client.read().body());
      assertEquals("1", client.read().body());
      assertEquals("pong", client.read().body());
    }
  }

  /** As {@code printf ... | nc -N} does: the last request is not for nobody. */
  @Test
  void whoAskedOnAndThenEndedIsAnswered() throws Exception {
    try (SlowServer server = new SlowServer(Optional.empty());
        RawClient client = RawClient.open(server.uri())) {
      client.send(RawClient.post(SlowServer.ROUTE, SlowServer.body(1)));
      server.awaitBegun(1);
      client.send(RawClient.get(SlowServer.PING));
      client.finish();
      Thread.sleep(120);
      server.leave.release(1);
      assertEquals("1", client.read().body());
      assertEquals("pong", client.read().body());
      assertTrue(client.isClosed());
    }
  }
}
