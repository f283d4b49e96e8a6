package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What tests expect of answers. */
final class Checks {
  static final float TOLERANCE = 1e-6f;

  private static final String GOOD = "{\"model\":\"tiny\",\"input\":\"a purlin\"}";

  private Checks() {}

  /** Returns what the library gives. */
  static List<float[]> embedded(Path model, String... texts) throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      List<float[]> vectors = new ArrayList<>();
      embedder.embedAll(List.of(texts)).forEach(each -> vectors.add(each.vector()));
      return vectors;
    }
  }

  static float[] floats(Json array) throws IOException {
    List<Json> items = array.items();
    float[] floats = new float[items.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) items.get(i).asDouble();
    }
    return floats;
  }

  static float[] base64(Json text) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(text.asString())).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.capacity() / 4];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  static void assertVectors(List<float[]> expected, List<float[]> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), TOLERANCE, "vector " + i);
    }
  }

  /** Expects an object that has these fields and no other. */
  static void assertFields(Json object, String... names) throws IOException {
    assertEquals(Set.of(names), object.members().keySet());
  }

  /** Expects an error that tells nothing of the server's insides. */
  static Json assertError(HttpResponse<String> answer, int status) throws IOException {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElse(""));
    assertNoInsides(answer.body());
    return Asker.json(answer);
  }

  static void assertNoInsides(String answer) {
    String lower = answer.toLowerCase(Locale.ROOT);
    for (String inside :
        List.of("exception", "\tat ", "<html", "jetty", "java.", "dev.kumiko", "null pointer")) {
      assertFalse(lower.contains(inside), answer);
    }
  }

  /** Expects an error in OpenAI's shape; {@code null} stands for JSON's. */
  static String assertOpenAiError(
      HttpResponse<String> answer, int status, String type, String param, String code)
      throws IOException {
    Json body = assertError(answer, status);
    assertFields(body, "error");
    Json error = body.get("error");
    assertFields(error, "message", "type", "param", "code");
    assertEquals(type, error.get("type").asString());
    assertText(param, error.get("param"));
    assertText(code, error.get("code"));
    return error.get("message").asString();
  }

  private static void assertText(String expected, Json found) throws IOException {
    if (expected == null) {
      assertTrue(found.isNull(), found.path() + " is " + found);
    } else {
      assertEquals(expected, found.asString());
    }
  }

  /** Expects an error in the shape of text-embeddings-inference. */
  static String assertTeiError(HttpResponse<String> answer, int status, String type)
      throws IOException {
    Json body = assertError(answer, status);
    assertFields(body, "error", "error_type");
    assertEquals(type, body.get("error_type").asString());
    return body.get("error").asString();
  }

  /** Expects an error in Cohere's shape. */
  static String assertCohereError(HttpResponse<String> answer, int status) throws IOException {
    Json body = assertError(answer, status);
    assertFields(body, "message", "detail");
    assertEquals(body.get("message").asString(), body.get("detail").asString());
    return body.get("message").asString();
  }

  /** Expects an error in Ollama's shape, which is that of what belongs to no API, too. */
  static String assertPlainError(HttpResponse<String> answer, int status) throws IOException {
    Json body = assertError(answer, status);
    assertFields(body, "error");
    return body.get("error").asString();
  }

  static void assertContains(String part, String whole) {
    assertTrue(whole.contains(part), "\"" + part + "\" is not in: " + whole);
  }

  /** Expects that the server answers a good request as if nothing had been. */
  static void assertAnswers(ServerFixture server) throws IOException, InterruptedException {
    HttpResponse<String> answer = server.asker().post("/v1/embeddings", GOOD);
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(
        new TreeSet<>(Set.of("data", "model", "object", "usage")),
        new TreeSet<>(Asker.json(answer).members().keySet()));
  }
}
