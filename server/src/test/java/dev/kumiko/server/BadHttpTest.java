package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no HTTP, or are meant to be read in two ways. */
class BadHttpTest {
  private static final String BODY = "{\"input\":\"a\"}";
  private static final String SMUGGLED = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private static ServerFixture server;

  @BeforeAll
  static void start() throws IOException {
    server =
        ServerFixture.start(
            options -> {
              options.bodyTime = Duration.ofSeconds(1);
              options.idle = Duration.ofSeconds(2);
            });
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static String head(String... headers) {
    return "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }

  static Stream<String> smuggling() {
    int length = BODY.length();
    String chunked = Integer.toHexString(length) + "\r\n" + BODY + "\r\n0\r\n\r\n";
    return Stream.of(
        head("Content-Length: " + length, "Transfer-Encoding: chunked") + chunked + SMUGGLED,
        head("Content-Length: " + length, "Content-Length: 5") + BODY + SMUGGLED,
        head("Content-Length: " + length + ", 5") + BODY + SMUGGLED,
        head("Content-Length: +" + length) + BODY + SMUGGLED,
        head("Content-Length: -1") + BODY + SMUGGLED,
        head("Content-Length: 0x0d") + BODY + SMUGGLED,
        head("Content-Length: 99999999999999999999") + BODY + SMUGGLED,
        head("Content-Length : " + length) + BODY + SMUGGLED,
        head("X-Folded: a", " Content-Length: 5", "Content-Length: " + length) + BODY + SMUGGLED,
        head("Transfer-Encoding: xchunked") + chunked + SMUGGLED,
        head("Transfer-Encoding: chunked, identity") + chunked + SMUGGLED,
        head("Transfer-Encoding: \u000bchunked") + chunked + SMUGGLED,
        head("Transfer-Encoding: chunked") + "zz\r\n" + BODY + "\r\n0\r\n\r\n" + SMUGGLED,
        head("Transfer-Encoding: chunked") + "-5\r\n" + BODY + "\r\n0\r\n\r\n" + SMUGGLED,
        head("Transfer-Encoding: chunked") + "fffffffffffffffff\r\n" + BODY + SMUGGLED,
        head("X\u0000: a", "Content-Length: " + length) + BODY + SMUGGLED,
        head("X: a\u0000b", "Content-Length: " + length) + BODY + SMUGGLED,
        head("no colon", "Content-Length: " + length) + BODY + SMUGGLED,
        head(": no name", "Content-Length: " + length) + BODY + SMUGGLED);
  }

  /** What can be read in two ways is refused, and so is all that follows it. */
  @ParameterizedTest
  @MethodSource
  void smuggling(String bytes) throws Exception {
    try (RawClient client = RawClient.open(server.uri())) {
      client.trySend(bytes);
      assertRefused(client, bytes);
    }
    Checks.assertAnswers(server);
  }

  private static void assertRefused(RawClient client, String bytes) throws IOException {
    RawClient.Answer answer = client.read();
    boolean refused = answer.status() >= 400 && answer.status() < 500;
    assertTrue(refused || answer.status() == 501 || answer.status() == 505, answer + ": " + bytes);
    assertEquals("application/json", answer.headers().get("Content-Type"));
    Checks.assertNoInsides(answer.body());
    assertTrue(Json.parse("the answer", answer.body()).isObject());
    assertTrue(client.isClosed(), "it goes on after " + bytes);
  }

  static Stream<String> noHttp() {
    return Stream.of(
        "\r\n\r\n\u0000\r\n\r\n",
        "hello\r\n\r\n",
        "GET\r\n\r\n",
        "GET /health\r\n\r\n",
        "GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET /health HTTP/1.1\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: loc alhost\r\n\r\n",
        "G\u0000T /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /heal\u0000th HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nExpect: a-miracle\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource
  void noHttp(String bytes) throws Exception {
    try (RawClient client = RawClient.open(server.uri())) {
      client.trySend(bytes);
      assertRefused(client, bytes);
    }
    Checks.assertAnswers(server);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%6detrics",
        "/v1/%65mbeddings",
        "/health;",
        "/health/",
        "/../etc/passwd",
        "/v1/../metrics",
        "/v1/./embeddings/../../health",
        "/%2e%2e/etc/passwd",
        "/v1/%2e%2e/metrics",
        "/..%2fetc/passwd",
        "/..%5cetc%5cpasswd",
        "/..\\etc\\passwd",
        "//etc/passwd",
        "//health",
        "/health//live",
        "/health;/../metrics",
        "/..;/metrics",
        "/.;/metrics",
        "/health;x=y/live",
        "/%252e%252e/metrics",
        "/%c0%ae%c0%ae/metrics",
        "/%u002e%u002e/metrics",
        "/metrics%00",
        "/metrics%0d%0aX:%20y",
        "/metrics%20",
        "/%6detrics/",
        "http://other.example/../metrics"
      })
  void pathsLeadNowhere(String path) throws Exception {
    try (RawClient client = RawClient.open(server.uri())) {
      client.send(RawClient.get(path));
      RawClient.Answer answer = client.read();
      assertTrue(answer.status() == 400 || answer.status() == 404, path + ": " + answer.status());
      assertEquals("application/json", answer.headers().get("Content-Type"));
      Checks.assertNoInsides(answer.body());
    }
    Checks.assertAnswers(server);
  }

  /** However a path is written, the same is asked of whoever asks for it. */
  @Test
  void noSpellingOfAPathGetsAroundTheKey(
      @org.junit.jupiter.api.io.TempDir java.nio.file.Path folder) throws Exception {
    try (ServerFixture locked = TroubledServers.locked(folder)) {
      for (String path :
          List.of(
              "/metrics",
              "/%6detrics",
              "/metrics;x",
              "/metrics?a",
              "/metrics#a",
              "/health/../metrics",
              "/health/%2e%2e/metrics",
              "//metrics",
              "/health;/metrics",
              "http://localhost/metrics")) {
        try (RawClient client = RawClient.open(locked.uri())) {
          client.send(RawClient.get(path));
          int status = client.read().status();
          assertTrue(status >= 400 && status < 500, path + ": " + status);
        }
      }
    }
  }

  @Test
  void headerFloods() throws Exception {
    List<String> floods = new ArrayList<>();
    floods.add("GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(100_000) + "\r\n\r\n");
    floods.add("GET /health HTTP/1.1\r\nHost: localhost\r\n" + "X: a\r\n".repeat(20_000) + "\r\n");
    floods.add("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    floods.add("GET /health?" + "a&".repeat(50_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for (String flood : floods) {
      try (RawClient client = RawClient.open(server.uri())) {
        client.trySend(flood);
        RawClient.Answer answer = client.read();
        assertTrue(answer.status() == 431 || answer.status() == 414, answer.toString());
        assertContains(" too long", answer.body());
        assertEquals("application/json", answer.headers().get("Content-Type"));
        assertTrue(client.isClosed());
      }
      Checks.assertAnswers(server);
    }
  }

  @Test
  void whatIsRefusedEarlyHasTheShapeOfItsApi() throws Exception {
    try (RawClient client = RawClient.open(server.uri())) {
      client.trySend(head("X: " + "a".repeat(20_000), "Content-Length: 0"));
      RawClient.Answer answer = client.read();
      assertEquals(431, answer.status());
      Json error = Json.parse("the answer", answer.body()).get("error");
      Checks.assertFields(error, "message", "type", "param", "code");
      assertEquals("the headers are too long", error.get("message").asString());
      assertEquals("invalid_request_error", error.get("type").asString());
    }
  }

  @Test
  void whatIsSentInOtherEncodingsIsRefused() throws Exception {
    String body = "d\r\n{\"input\":\"a\"}\r\n0\r\n\r\n";
    for (String lines :
        List.of(
            "Transfer-Encoding: gzip, chunked",
            "Content-Type: text/plain\r\nTransfer-Encoding: chunked")) {
      try (RawClient client = RawClient.open(server.uri())) {
        client.send(head(lines) + body);
        assertEquals(415, client.read().status(), lines);
      }
    }
  }

  @Test
  void slowHeadsAreGivenUp() throws Exception {
    try (RawClient slow = RawClient.open(server.uri())) {
      slow.send("GET /health HTTP/1.1\r\nHost: localhost\r\n");
      boolean taken = true;
      for (int i = 0; i < 200 && taken; i++) {
        Thread.sleep(100);
        taken = !slow.trySend("A: b\r\n").isBroken();
      }
      assertFalse(taken, "a head that never ends is waited for");
    }
    Checks.assertAnswers(server);
  }

  @Test
  void slowBodiesAreGivenUp() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (String beginning :
        List.of(
            head("Content-Length: " + BODY.length()) + BODY.substring(0, 5),
            head("Content-Length: " + BODY.length()),
            head("Transfer-Encoding: chunked") + "5\r\n" + BODY.substring(0, 5) + "\r\n")) {
      clients.add(RawClient.open(server.uri()).send(beginning));
    }
    for (RawClient client : clients) {
      try (client) {
        RawClient.Answer answer = client.read();
        assertEquals(408, answer.status(), answer.body());
        assertContains(
            "the body did not arrive within 1 s",
            Json.parse("", answer.body()).get("error").get("message").asString());
        assertTrue(client.isClosed());
      }
    }
    Checks.assertAnswers(server);
  }

  /** A byte now and then is no progress. */
  @Test
  void drippingBodiesAreGivenUp() throws Exception {
    try (RawClient client = RawClient.open(server.uri())) {
      client.send(head("Content-Length: 1000"));
      Thread dripping =
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < 50; i++) {
                  client.trySend(" ");
                  try {
                    Thread.sleep(100);
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              });
      assertEquals(408, client.read().status());
      dripping.interrupt();
      dripping.join();
    }
    Checks.assertAnswers(server);
  }

  @Test
  void idleConnectionsAreClosed() throws Exception {
    try (RawClient silent = RawClient.open(server.uri());
        RawClient half = RawClient.open(server.uri());
        RawClient once = RawClient.open(server.uri())) {
      half.send("POST /v1/embeddings HTTP/1.1\r\nHost: local");
      once.send(RawClient.get("/health"));
      assertEquals(200, once.read().status());
      assertTrue(silent.isClosed());
      assertTrue(once.isClosed());
      try {
        assertEquals(408, half.read().status());
      } catch (IOException e) {
        assertTrue(half.isClosed());
      }
    }
    Checks.assertAnswers(server);
  }

  @Test
  void brokenOffRequestsHarmNobody() throws Exception {
    String whole = RawClient.post("/v1/embeddings", BODY);
    for (int i = 0; i < whole.length(); i += 7) {
      try (RawClient closed = RawClient.open(server.uri())) {
        closed.send(whole.substring(0, i));
      }
      try (RawClient reset = RawClient.open(server.uri())) {
        reset.send(whole.substring(0, i));
        reset.reset();
      }
    }
    try (RawClient ended = RawClient.open(server.uri())) {
      ended.send(head("Content-Length: 1000") + BODY);
      ended.finish();
      try {
        int status = ended.read().status();
        assertTrue(status >= 400 && status < 500, "status " + status);
      } catch (IOException e) {
        assertTrue(ended.isClosed());
      }
    }
    Checks.assertAnswers(server);
  }

  /** More than a pool of threads would usually have. */
  @Test
  void bodiesThatDoNotComeTakeNobodysTurn() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try (ServerFixture patient =
        ServerFixture.start(
            options -> {
              options.connections = 1024;
              options.bodyTime = Duration.ofMinutes(2);
            })) {
      for (int i = 0; i < 500; i++) {
        slow.add(RawClient.open(patient.uri()).send(head("Content-Length: 100")));
      }
      for (int i = 0; i < 5; i++) {
        Checks.assertAnswers(patient);
      }
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  @Test
  void manySlowClientsDoNotStopTheOthers() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        slow.add(RawClient.open(server.uri()).send(head("Content-Length: 100")));
      }
      for (int i = 0; i < 5; i++) {
        Checks.assertAnswers(server);
      }
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  @Test
  void connectionsAboveTheLimitWait() throws Exception {
    try (ServerFixture small = ServerFixture.start(options -> options.connections = 3)) {
      List<RawClient> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        open.add(RawClient.open(small.uri()).send(RawClient.get("/health")));
        assertEquals(200, open.getLast().read().status());
      }
      try (RawClient later = RawClient.open(small.uri())) {
        later.send(RawClient.get("/health"));
        for (RawClient client : open) {
          client.close();
        }
        assertEquals(200, later.read().status());
      }
    }
  }

  @Test
  void requestsThatFollowAreAnsweredInOrder() throws Exception {
    try (RawClient client = RawClient.open(server.uri())) {
      client.send(
          RawClient.get("/health")
              + RawClient.post("/v1/embeddings", "{\"input\": 7}")
              + RawClient.post("/v1/embeddings", BODY)
              + RawClient.get("/nowhere"));
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        statuses.add(client.read().status());
      }
      assertEquals(List.of(200, 400, 200, 404), statuses);
    }
  }

  @Test
  void whoAsksWhetherToGoOnIsToldSo() throws Exception {
    try (RawClient client = RawClient.open(server.uri())) {
      client.send(head("Content-Length: " + BODY.length(), "Expect: 100-continue"));
      assertEquals(100, client.read().status());
      client.send(BODY);
      assertEquals(200, client.read().status());
    }
    try (RawClient client = RawClient.open(server.uri())) {
      client.send(head("Content-Length: 100000000", "Expect: 100-continue"));
      assertEquals(413, client.read().status());
    }
  }

  @Test
  void anOldClientIsAnswered() throws Exception {
    try (RawClient client = RawClient.open(server.uri())) {
      client.send("GET /health HTTP/1.0\r\n\r\n");
      RawClient.Answer answer = client.read();
      assertEquals(200, answer.status());
      assertEquals("{\"status\":\"up\"}", answer.body());
      assertTrue(client.isClosed());
    }
  }

  @Test
  void aLargeAnswerComesInParts() throws Exception {
    try (RawClient client = RawClient.open(server.uri())) {
      List<String> texts = java.util.Collections.nCopies(1000, "a");
      client.send(RawClient.post("/v1/embeddings", Json.text(Map.of("input", texts))));
      RawClient.Answer answer = client.read();
      assertEquals("chunked", answer.headers().get("Transfer-Encoding"));
      assertEquals(1000, Json.parse("the answer", answer.body()).get("data").items().size());
    }
  }
}
