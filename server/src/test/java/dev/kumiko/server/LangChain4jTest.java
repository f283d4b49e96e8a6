package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static dev.kumiko.server.Checks.assertVectors;
import static dev.kumiko.server.Checks.embedded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.Reranker;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.cohere.CohereScoringModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.ollama.OllamaEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's clients of OpenAI, which asks to go on in HTTP/2 each time, Ollama and Cohere. */
class LangChain4jTest {
  private static final List<TextSegment> SEGMENTS =
      List.of(TextSegment.from("a purlin"), TextSegment.from("the roof"));

  private static EmbeddingModel openAi(ServerFixture server, String model, String key) {
    return OpenAiEmbeddingModel.builder()
        .baseUrl(server.uri() + "/v1")
        .apiKey(key)
        .modelName(model)
        .maxRetries(0)
        .build();
  }

  private static EmbeddingModel ollama(ServerFixture server, String model) {
    return OllamaEmbeddingModel.builder()
        .baseUrl(server.uri().toString())
        .modelName(model)
        .maxRetries(0)
        .build();
  }

  private static CohereScoringModel cohere(ServerFixture server, String model, String key) {
    return CohereScoringModel.builder()
        .baseUrl(server.uri() + "/v1/")
        .apiKey(key)
        .modelName(model)
        .timeout(Duration.ofSeconds(30))
        .maxRetries(0)
        .build();
  }

  private static List<float[]> vectors(Response<List<Embedding>> answer) {
    return answer.content().stream().map(Embedding::vector).toList();
  }

  @Test
  void vectorsAreTheLibrarys() throws Exception {
    List<float[]> expected = embedded(ServerFixture.EMBEDDER, "a purlin", "the roof");
    try (ServerFixture server = ServerFixture.start()) {
      Response<List<Embedding>> answer = openAi(server, "tiny", "any").embedAll(SEGMENTS);
      assertVectors(expected, vectors(answer));
      assertEquals(8, answer.tokenUsage().totalTokenCount());
      assertVectors(expected, vectors(ollama(server, "tiny").embedAll(SEGMENTS)));
      List<TextSegment> many = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        many.add(TextSegment.from("beam " + i + " " + "of the roof ".repeat(20)));
      }
      String[] texts = many.stream().map(TextSegment::text).toArray(String[]::new);
      assertVectors(
          embedded(ServerFixture.EMBEDDER, texts),
          vectors(openAi(server, "tiny", "any").embedAll(many)));
    }
  }

  @Test
  void scoresAreTheLibrarys() throws Exception {
    try (ServerFixture server = ServerFixture.start();
        Reranker reranker = Reranker.load(ServerFixture.RERANKER)) {
      List<Double> scores =
          cohere(server, "rerank", "any").scoreAll(SEGMENTS, "what a roof has").content();
      float[] expected = reranker.score("what a roof has", List.of("a purlin", "the roof"));
      assertEquals(2, scores.size());
      for (int i = 0; i < 2; i++) {
        assertEquals(expected[i], scores.get(i), Checks.TOLERANCE);
      }
    }
  }

  private static void refused(
      Class<? extends LangChain4jException> kind, String message, EmbeddingModel model) {
    LangChain4jException e = assertThrows(kind, () -> model.embedAll(SEGMENTS));
    assertContains(message, e.getMessage());
    Checks.assertNoInsides(e.getMessage().replace("dev.langchain4j.exception.HttpException: ", ""));
  }

  @Test
  void errorsAreItsOwn(@TempDir Path folder) throws Exception {
    try (ServerFixture server = ServerFixture.start()) {
      refused(ModelNotFoundException.class, "there is no model", openAi(server, "gpt", "any"));
      refused(ModelNotFoundException.class, "there is no model", ollama(server, "gpt"));
      refused(InvalidRequestException.class, "gives scores", openAi(server, "rerank", "any"));
      refused(InvalidRequestException.class, "gives scores", ollama(server, "rerank"));
    }
    try (ServerFixture server = TroubledServers.locked(folder)) {
      refused(
          AuthenticationException.class,
          "the API key is not known",
          openAi(server, "tiny", "a-key-that-is-not-known"));
      refused(AuthenticationException.class, "an API key is needed", ollama(server, "tiny"));
      assertEquals(
          2, vectors(openAi(server, "tiny", TroubledServers.KEY).embedAll(SEGMENTS)).size());
    }
    try (ServerFixture server = TroubledServers.changed(folder)) {
      String again = "has to be started again";
      refused(InternalServerException.class, again, openAi(server, "tiny", "any"));
      refused(InternalServerException.class, again, ollama(server, "tiny"));
    }
    try (TroubledServers.Busy busy = new TroubledServers.Busy()) {
      refused(RateLimitException.class, "try again in", openAi(busy.server, "tiny", "any"));
      refused(RateLimitException.class, "try again in", ollama(busy.server, "tiny"));
    }
  }

  /** This client has no classes for statuses. */
  @Test
  void errorsOfScoringTellTheStatusAndTheMessage(@TempDir Path folder) throws Exception {
    try (ServerFixture server = ServerFixture.start()) {
      assertScoringFails(cohere(server, "gpt", "any"), "404", "there is no model");
    }
    try (ServerFixture server = TroubledServers.locked(folder)) {
      assertScoringFails(cohere(server, "rerank", "some-key-or-other"), "401", "not known");
    }
    try (ServerFixture server = TroubledServers.changed(folder)) {
      assertScoringFails(cohere(server, "rerank", "any"), "503", "started again");
    }
    try (TroubledServers.Busy busy = new TroubledServers.Busy()) {
      assertScoringFails(cohere(busy.server, "rerank", "any"), "429", "try again in");
    }
  }

  private static void assertScoringFails(CohereScoringModel model, String status, String message) {
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> model.scoreAll(SEGMENTS, "roof"));
    assertContains(status, e.getMessage());
    assertContains(message, e.getMessage());
  }
}
