package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static dev.kumiko.server.Checks.assertVectors;
import static dev.kumiko.server.Checks.embedded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;

/** Spring AI's client of OpenAI, whose errors are those of OpenAI's own. */
class SpringAiTest {
  private static OpenAiEmbeddingModel model(ServerFixture server, String name, String key) {
    return OpenAiEmbeddingModel.builder()
        .options(
            OpenAiEmbeddingOptions.builder()
                .baseUrl(server.uri() + "/v1")
                .apiKey(key)
                .model(name)
                .maxRetries(0)
                .build())
        .build();
  }

  @Test
  void vectorsAreTheLibrarys() throws Exception {
    try (ServerFixture server = ServerFixture.start()) {
      OpenAiEmbeddingModel model = model(server, "tiny", "any");
      List<String> texts = List.of("a purlin", "the roof");
      assertVectors(embedded(ServerFixture.EMBEDDER, "a purlin", "the roof"), model.embed(texts));
      EmbeddingResponse answer = model.embedForResponse(texts);
      assertEquals("tiny", answer.getMetadata().getModel());
      assertEquals(8, answer.getMetadata().getUsage().getTotalTokens());
      assertEquals(TinyModels.DIMENSION, model.dimensions());
    }
  }

  private static void refused(
      Class<? extends OpenAIServiceException> kind,
      String message,
      ServerFixture server,
      String name) {
    OpenAiEmbeddingModel model = model(server, name, "a-key-that-is-not-known");
    OpenAIServiceException e = assertThrows(kind, () -> model.embed("a purlin"));
    assertContains(message, e.getMessage());
  }

  @Test
  void errorsAreItsOwn(@TempDir Path folder) throws Exception {
    try (ServerFixture server = ServerFixture.start()) {
      refused(NotFoundException.class, "\"gpt\"", server, "gpt");
      refused(BadRequestException.class, "gives scores", server, "rerank");
    }
    try (ServerFixture server = TroubledServers.locked(folder)) {
      refused(UnauthorizedException.class, "the API key is not known", server, "tiny");
      assertEquals(
          TinyModels.DIMENSION, model(server, "tiny", TroubledServers.KEY).embed("a").length);
    }
    try (ServerFixture server = TroubledServers.changed(folder)) {
      refused(InternalServerException.class, "has to be started again", server, "tiny");
    }
    try (TroubledServers.Busy busy = new TroubledServers.Busy()) {
      refused(RateLimitException.class, "try again in", busy.server, "tiny");
    }
  }
}
