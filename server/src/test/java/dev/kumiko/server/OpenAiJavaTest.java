package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static dev.kumiko.server.Checks.assertVectors;
import static dev.kumiko.server.Checks.embedded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own client for Java, which asks for base64 unless it is told otherwise. */
class OpenAiJavaTest {
  private static OpenAIClient client(ServerFixture server, String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(server.uri() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  private static EmbeddingCreateParams request(String model, String... texts) {
    return EmbeddingCreateParams.builder()
        .model(model)
        .inputOfArrayOfStrings(List.of(texts))
        .build();
  }

  private static List<float[]> vectors(CreateEmbeddingResponse answer) {
    List<float[]> vectors = new ArrayList<>();
    for (var each : answer.data()) {
      float[] vector = new float[each.embedding().size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = each.embedding().get(i);
      }
      vectors.add(vector);
    }
    return vectors;
  }

  @Test
  void vectorsAreTheLibrarys() throws Exception {
    try (ServerFixture server = ServerFixture.start()) {
      OpenAIClient client = client(server, "any");
      CreateEmbeddingResponse answer =
          client.embeddings().create(request("tiny", "a purlin", "the roof"));
      assertVectors(embedded(ServerFixture.EMBEDDER, "a purlin", "the roof"), vectors(answer));
      assertEquals("tiny", answer.model());
      assertEquals(8, answer.usage().totalTokens());
      CreateEmbeddingResponse floats =
          client
              .embeddings()
              .create(
                  request("other", "a purlin").toBuilder()
                      .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                      .build());
      assertVectors(embedded(ServerFixture.OTHER, "a purlin"), vectors(floats));
      CreateEmbeddingResponse cut =
          client.embeddings().create(request("tiny", "a").toBuilder().dimensions(8).build());
      assertEquals(8, cut.data().getFirst().embedding().size());
      assertEquals("tiny", client.models().list().data().getFirst().id());
      client.close();
    }
  }

  private static <E extends OpenAIServiceException> E refused(
      Class<E> kind, ServerFixture server, EmbeddingCreateParams request) {
    OpenAIClient client = client(server, "a-key-that-is-not-known");
    try {
      E e = assertThrows(kind, () -> client.embeddings().create(request));
      Checks.assertNoInsides(String.valueOf(e.body()));
      return e;
    } finally {
      client.close();
    }
  }

  @Test
  void errorsAreItsOwn(@TempDir Path folder) throws Exception {
    try (ServerFixture server = ServerFixture.start()) {
      NotFoundException unknown = refused(NotFoundException.class, server, request("gpt", "a"));
      assertEquals("model_not_found", unknown.code().orElse("none"));
      assertContains("there is no model \"gpt\"", unknown.getMessage());
      BadRequestException empty = refused(BadRequestException.class, server, request("tiny", ""));
      assertEquals("input", empty.param().orElse("none"));
      assertEquals("invalid_request_error", empty.type().orElse("none"));
    }
    try (ServerFixture server = TroubledServers.locked(folder)) {
      UnauthorizedException key =
          refused(UnauthorizedException.class, server, request("tiny", "a"));
      assertEquals("invalid_api_key", key.code().orElse("none"));
      OpenAIClient known = client(server, TroubledServers.KEY);
      assertEquals(1, known.embeddings().create(request("tiny", "a")).data().size());
      known.close();
    }
    try (ServerFixture server = TroubledServers.changed(folder)) {
      InternalServerException e =
          refused(InternalServerException.class, server, request("tiny", "a"));
      assertEquals(503, e.statusCode());
      assertContains("has to be started again", e.getMessage());
    }
    try (TroubledServers.Busy busy = new TroubledServers.Busy()) {
      RateLimitException e = refused(RateLimitException.class, busy.server, request("tiny", "a"));
      assertEquals("rate_limit_exceeded", e.code().orElse("none"));
      int seconds = Integer.parseInt(e.headers().values("Retry-After").getFirst());
      assertEquals(Math.clamp(seconds, 1, 60), seconds);
    }
  }
}
