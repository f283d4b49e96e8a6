package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A line for each request. */
class AccessLogTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** A request is logged after its answer has gone. */
  private Json line(int number) throws Exception {
    for (int i = 0; i < 1000 && lines().size() <= number; i++) {
      Thread.sleep(5);
    }
    return Json.parse("the line", lines().get(number));
  }

  @Test
  void linesTellWhatWasAskedButNoTextsAndNoKeys() throws Exception {
    PrintStream log = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (SlowServer server = new SlowServer(options -> options.log = log)) {
      server.leave.release(100);
      Asker asker = Asker.http1(server.uri());
      String[] key = {"Authorization", "Bearer a-secret-key"};
      asker.post(SlowServer.ROUTE, Json.text(Map.of("input", List.of("a secret", "b"))), key);
      Json line = line(0);
      Checks.assertFields(
          line,
          "time",
          "client",
          "method",
          "route",
          "protocol",
          "status",
          "fault",
          "model",
          "texts",
          "tokens",
          "bytes",
          "queue_ms",
          "ms");
      Duration age = Duration.between(Instant.parse(line.get("time").asString()), Instant.now());
      assertTrue(age.toMinutes() < 10 && age.toMillis() > -1000, age.toString());
      assertEquals("127.0.0.1", line.get("client").asString());
      assertEquals("POST", line.get("method").asString());
      assertEquals(SlowServer.ROUTE, line.get("route").asString());
      assertEquals("HTTP/1.1", line.get("protocol").asString());
      assertEquals(200, line.get("status").asInt());
      assertEquals("", line.get("fault").asString());
      assertEquals(2, line.get("texts").asInt());
      assertEquals(1, line.get("bytes").asInt());
      assertTrue(line.get("ms").asDouble() >= line.get("queue_ms").asDouble());
      asker.get("/secret?secret=secret", key);
      assertEquals("none", line(1).get("route").asString());
      assertEquals(404, line(1).get("status").asInt());
      assertEquals("no_route", line(1).get("fault").asString());
      try (RawClient raw = RawClient.open(server.uri())) {
        raw.send("SECRET /secret HTTP/9.9\r\nsecret: secret\r\n\r\n");
        raw.read();
      }
      assertEquals(505, line(2).get("status").asInt());
      for (String each : lines()) {
        assertFalse(each.contains("a secret") || each.contains("/secret"), each);
        assertFalse(each.contains("secret-key"), each);
      }
      asker.client().shutdownNow();
    }
  }

  @Test
  void whoHasGoneHasTheStatusNought() throws Exception {
    PrintStream log = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (SlowServer server = new SlowServer(options -> options.log = log)) {
      try (RawClient gone = RawClient.open(server.uri())) {
        gone.send(RawClient.post(SlowServer.ROUTE, SlowServer.body(5)));
        server.await(4);
        gone.reset();
      }
      server.await(0);
      int status = line(0).get("status").asInt();
      assertTrue(status == 0 || status == 503, "status " + status);
    }
  }
}
