package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static dev.kumiko.server.Checks.assertOpenAiError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are no requests. After each of them the server goes on. */
class BadJsonTest {
  private static final String ROUTE = "/v1/embeddings";
  private static final String BAD = "invalid_request_error";

  /** Every route that reads a body. */
  private static final List<String> ROUTES =
      List.of(
          ROUTE,
          "/v1/rerank",
          "/v2/rerank",
          "/rerank",
          "/embed",
          "/similarity",
          "/predict",
          "/tokenize",
          "/api/embed");

  private static ServerFixture server;
  private static Asker asker;

  @BeforeAll
  static void start() throws IOException {
    server = ServerFixture.start(options -> options.bodyBytes = 4_000_000);
    asker = server.asker();
  }

  @AfterAll
  static void close() {
    server.close();
  }

  /** Sends the same to every route; the last answer is OpenAI's. */
  private static HttpResponse<String> everywhere(String body) throws Exception {
    for (String route : ROUTES.reversed()) {
      HttpResponse<String> answer = asker.post(route, body);
      boolean tei = !route.contains("/v") && !route.contains("api");
      Checks.assertError(answer, tei ? 422 : 400);
      if (route.equals(ROUTE)) {
        return answer;
      }
    }
    throw new AssertionError("OpenAI's is the first route");
  }

  static Stream<String> malformed() {
    return Stream.of(
        " ",
        "{",
        "}",
        "[",
        "nul",
        "{\"input\": \"a\"",
        "{\"input\": \"a\"}}",
        "{\"input\": \"a\"} {}",
        "{\"input\": 'a'}",
        "{input: \"a\"}",
        "{\"input\": \"a\",}",
        "{\"input\": \"a\nb\"}",
        "{\"input\": \"\\x41\"}",
        "{\"input\": \"\\u12\"}",
        "{\"input\": 01}",
        "{\"input\": \"a\" /* no */}",
        "\ufeff{\"input\": \"a\"}",
        "input=a&model=tiny");
  }

  @ParameterizedTest
  @MethodSource
  void malformed(String body) throws Exception {
    assertContains(
        "the body: not valid JSON at byte ",
        assertOpenAiError(everywhere(body), 400, BAD, null, null));
    Checks.assertAnswers(server);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "\"a\"", "null", "true", "NaN", "[{\"input\": \"a\"}]"})
  void noObject(String body) throws Exception {
    assertContains("expected an object", assertOpenAiError(everywhere(body), 400, BAD, null, null));
    Checks.assertAnswers(server);
  }

  @Test
  void nothing() throws Exception {
    assertContains(
        "there is nothing in it", assertOpenAiError(asker.post(ROUTE, ""), 400, BAD, null, null));
    assertContains("\"input\" is missing", missing("{}"));
    assertContains("\"input\" is missing", missing("{\"input\": null}"));
    Checks.assertAnswers(server);
  }

  private static String missing(String body) throws Exception {
    return assertOpenAiError(asker.post(ROUTE, body), 400, BAD, "input", null);
  }

  @Test
  void duplicateKeys() throws Exception {
    assertContains(
        "the name \"input\" occurs twice",
        assertOpenAiError(
            everywhere("{\"input\": \"a\", \"input\": \"b\"}"), 400, BAD, null, null));
    assertContains(
        "occurs twice",
        assertOpenAiError(
            everywhere("{\"\\u0069nput\": \"a\", \"input\": \"b\"}"), 400, BAD, null, null));
    Checks.assertAnswers(server);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input\": 7}",
        "{\"input\": true}",
        "{\"input\": {}}",
        "{\"input\": [\"a\", 7]}",
        "{\"input\": [\"a\", null]}",
        "{\"input\": [null]}",
        "{\"input\": [[\"a\"]]}",
        "{\"input\": [{\"text\": \"a\"}]}",
        "{\"input\": []}",
        "{\"input\": \"\"}",
        "{\"input\": [\"a\", \"\"]}"
      })
  void wrongInput(String body) throws Exception {
    assertOpenAiError(asker.post(ROUTE, body), 400, BAD, "input", null);
    Checks.assertAnswers(server);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"model\": 7",
        "\"model\": []",
        "\"dimensions\": \"8\"",
        "\"dimensions\": 8.0",
        "\"dimensions\": 1e1",
        "\"dimensions\": NaN",
        "\"dimensions\": true",
        "\"dimensions\": 99999999999999999999",
        "\"dimensions\": 4294967304",
        "\"encoding_format\": 1",
        "\"encoding_format\": \"FLOAT\""
      })
  void wrongTypes(String field) throws Exception {
    String name = field.substring(1, field.indexOf('"', 1));
    assertOpenAiError(asker.post(ROUTE, "{\"input\": \"a\", " + field + "}"), 400, BAD, name, null);
    Checks.assertAnswers(server);
  }

  @Test
  void unknownFields() throws Exception {
    assertEquals(
        "there is no field \"inputs\"; there are [dimensions, encoding_format, input, model, user]",
        assertOpenAiError(
            asker.post(ROUTE, "{\"input\": \"a\", \"inputs\": \"b\"}"), 400, BAD, "inputs", null));
    assertContains(
        "there is no field \"\"",
        assertOpenAiError(
            asker.post(ROUTE, "{\"input\": \"a\", \"\": \"b\"}"), 400, BAD, "", null));
    everywhere("{\"an_unknown_field\": 1}");
    Checks.assertAnswers(server);
  }

  @Test
  void unknownModels() throws Exception {
    for (String name : List.of("", " tiny", "TINY", "../tiny", "a\u0000b", "\ud83c\udf32")) {
      assertOpenAiError(
          asker.post(ROUTE, Map.of("input", "a", "model", name)),
          404,
          BAD,
          "model",
          "model_not_found");
    }
    for (String name : List.of("x".repeat(1_000_000), "\ud83c\udf32".repeat(10_000))) {
      HttpResponse<String> answer = asker.post(ROUTE, Map.of("input", "a", "model", name));
      assertOpenAiError(answer, 404, BAD, "model", "model_not_found");
      assertTrue(answer.body().length() < 5_000, answer.body().length() + " characters");
      Map<String, Object> field = Map.of("input", "a", name.substring(0, 20_000), 1);
      int length = asker.post(ROUTE, field).body().length();
      assertTrue(length < 5_000, length + " characters");
    }
    Checks.assertAnswers(server);
  }

  @Test
  void strangeTextsAreTexts() throws Exception {
    String[] texts = {
      " ",
      "\t\r\n",
      "\u00a0\u2003\u200b",
      "\u0000",
      "a\u0000b",
      "\ufeff",
      "\uffff\ufffe",
      "\ud83c\udf32",
      "a\u0301\u0301\u0301",
      "\u202e\u0007\u001b[31m",
      "</script><script>alert(1)</script>",
      "x".repeat(100)
    };
    HttpResponse<String> answer = asker.post(ROUTE, Map.of("input", List.of(texts)));
    assertEquals(200, answer.statusCode(), answer.body());
    List<float[]> found =
        Asker.json(answer).get("data").items().stream()
            .map(
                each -> {
                  try {
                    return Checks.floats(each.get("embedding"));
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                })
            .toList();
    Checks.assertVectors(Checks.embedded(ServerFixture.EMBEDDER, texts), found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input\": \"\\ud83d\"}",
        "{\"input\": \"a\\udf32b\"}",
        "{\"input\": \"\\udf32\\ud83d\"}",
        "{\"input\": [\"a\", \"\\ud83d \\udf32\"]}",
        "{\"inp\\ud83dut\": \"a\"}",
        "{\"input\": \"a\", \"model\": \"\\ud83d\"}"
      })
  void halfSurrogatePairs(String body) throws Exception {
    assertContains(
        "half a surrogate pair", assertOpenAiError(everywhere(body), 400, BAD, null, null));
    Checks.assertAnswers(server);
  }

  @Test
  void invalidUtf8() throws Exception {
    byte[][] bad = {
      {(byte) 0xff},
      {(byte) 0xc0, (byte) 0xaf},
      {(byte) 0xed, (byte) 0xa0, (byte) 0xbd},
      {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0xe2, (byte) 0x82}
    };
    for (byte[] bytes : bad) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.write("{\"input\": \"a".getBytes(StandardCharsets.US_ASCII));
      body.write(bytes);
      body.write("\"}".getBytes(StandardCharsets.US_ASCII));
      assertContains(
          "byte 12 is not UTF-8 text",
          assertOpenAiError(send(body.toByteArray(), "application/json"), 400, BAD, null, null));
    }
    byte[] utf16 = "{\"input\": \"a\"}".getBytes(StandardCharsets.UTF_16);
    assertOpenAiError(send(utf16, "application/json"), 400, BAD, null, null);
    Checks.assertAnswers(server);
  }

  private static HttpResponse<String> send(byte[] body, String type, String... headers)
      throws Exception {
    URI uri = server.uri().resolve(ROUTE);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return asker.client().send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void deeplyNested() throws Exception {
    for (String open : List.of("[", "{\"a\":")) {
      String body = "{\"input\": " + open.repeat(100_000);
      assertContains(
          "nested deeper than 100", assertOpenAiError(everywhere(body), 400, BAD, null, null));
      Checks.assertAnswers(server);
    }
    String closed = "{\"input\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertOpenAiError(everywhere(closed), 400, BAD, null, null);
    String shallow = "{\"input\": " + "[".repeat(90) + "]".repeat(90) + "}";
    assertOpenAiError(asker.post(ROUTE, shallow), 400, BAD, "input", null);
    Checks.assertAnswers(server);
  }

  @Test
  void numbersAndNamesWithoutEnd() throws Exception {
    assertOpenAiError(
        asker.post(ROUTE, "{\"input\": \"a\", \"dimensions\": " + "9".repeat(1_000_000) + "}"),
        400,
        BAD,
        null,
        null);
    assertOpenAiError(
        asker.post(ROUTE, "{\"" + "x".repeat(1_000_000) + "\": 1}"), 400, BAD, null, null);
    Checks.assertAnswers(server);
  }

  @Test
  void oneHundredThousandTexts() throws Exception {
    String message =
        assertOpenAiError(
            asker.post(ROUTE, Map.of("input", Collections.nCopies(100_000, "a"))),
            400,
            BAD,
            "input",
            null);
    assertContains("\"input\" has 100,000 texts, and 2,048 are allowed", message);
    assertOpenAiError(
        asker.post(ROUTE, Map.of("input", Collections.nCopies(100_000, 1))),
        400,
        BAD,
        "input",
        null);
    assertEquals(
        422,
        asker
            .post("/rerank", Map.of("query", "a", "texts", Collections.nCopies(2049, "a")))
            .statusCode());
    assertEquals(
        200, asker.post(ROUTE, Map.of("input", Collections.nCopies(2048, "a"))).statusCode());
    Checks.assertAnswers(server);
  }

  @Test
  void aLongTextIsRefusedNotComputed() throws Exception {
    assertContains(
        "tokens, and tiny takes 512",
        assertOpenAiError(
            asker.post(ROUTE, Map.of("input", "purlin ".repeat(400_000))),
            400,
            BAD,
            "input",
            "context_length_exceeded"));
    Checks.assertAnswers(server);
  }

  @Test
  void aBodyThatIsTooLarge() throws Exception {
    byte[] body =
        Json.text(Map.of("input", "a".repeat(10_000_000))).getBytes(StandardCharsets.UTF_8);
    assertContains(
        "the body has 10,000,012 bytes, and 4,000,000 are allowed",
        assertOpenAiError(send(body, "application/json"), 413, BAD, null, null));
    HttpRequest chunked =
        HttpRequest.newBuilder(server.uri().resolve(ROUTE))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.fromPublisher(
                    BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body))))
            .build();
    assertContains(
        "the body has more than the 4,000,000 bytes that are allowed",
        assertOpenAiError(
            asker.client().send(chunked, BodyHandlers.ofString()), 413, BAD, null, null));
    Checks.assertAnswers(server);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/ld+json",
        "json",
        "text/plain; application/json",
        "application/json;charset=utf-16",
        "application/jsonx; charset=utf-8"
      })
  void wrongContentType(String type) throws Exception {
    byte[] body = "{\"input\": \"a\"}".getBytes(StandardCharsets.UTF_8);
    assertContains(
        "the content type is \"" + type + "\", expected application/json",
        assertOpenAiError(send(body, type), 415, BAD, null, null));
    Checks.assertAnswers(server);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/json;charset=\"UTF-8\""
      })
  void rightContentType(String type) throws Exception {
    byte[] body = "{\"input\": \"a\"}".getBytes(StandardCharsets.UTF_8);
    assertEquals(200, send(body, type).statusCode());
  }

  @Test
  void compressedBodies() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write("{\"input\": \"".getBytes(StandardCharsets.US_ASCII));
      byte[] part = "a".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 100; i++) {
        out.write(part);
      }
      out.write("\"}".getBytes(StandardCharsets.US_ASCII));
    }
    for (String encoding : List.of("gzip", "deflate", "br", "gzip, gzip", "x")) {
      assertContains(
          "the content encoding is \"" + encoding + "\"; send the body as it is",
          assertOpenAiError(
              send(zipped.toByteArray(), "application/json", "Content-Encoding", encoding),
              415,
              BAD,
              null,
              null));
    }
    String[] twice = {"Content-Encoding", "identity", "Content-Encoding", "gzip"};
    assertEquals(415, send(zipped.toByteArray(), "application/json", twice).statusCode());
    // As if it were plain.
    assertOpenAiError(send(zipped.toByteArray(), "application/json"), 400, BAD, null, null);
    byte[] plain = "{\"input\": \"a\"}".getBytes(StandardCharsets.UTF_8);
    assertEquals(200, send(plain, "application/json", "Content-Encoding", "identity").statusCode());
    Checks.assertAnswers(server);
  }
}
