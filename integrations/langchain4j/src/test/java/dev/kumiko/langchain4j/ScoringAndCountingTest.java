package dev.kumiko.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Reranker;
import dev.kumiko.Scores;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.query.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rerankers as scoring models, and counts of tokens. */
class ScoringAndCountingTest {
  private static final List<String> DOCUMENTS = List.of("oak is heavy", "ash bends", "an invoice");

  @TempDir Path folder;

  @Test
  void scoresAreTheRerankers() throws IOException {
    Path file = SmallModels.reranker(folder);
    try (Reranker reranker = Reranker.load(file);
        KumikoScoringModel model = new KumikoScoringModel(file)) {
      Scores expected = reranker.scoreAll("which wood bends", DOCUMENTS);
      List<TextSegment> segments = DOCUMENTS.stream().map(TextSegment::from).toList();
      Response<List<Double>> response = model.scoreAll(segments, "which wood bends");
      for (int i = 0; i < DOCUMENTS.size(); i++) {
        assertEquals(expected.values()[i], response.content().get(i), 0.0);
      }
      assertEquals(expected.tokens(), (long) response.tokenUsage().inputTokenCount());
      ScoringModel shared = new KumikoScoringModel(reranker);
      assertEquals(
          response.content().get(1), shared.score("ash bends", "which wood bends").content());
      List<Content> contents = segments.stream().map(Content::from).toList();
      Query query = Query.from("which wood bends");
      List<Content> ranked =
          new ReRankingContentAggregator(shared).aggregate(Map.of(query, List.of(contents)));
      int first = DOCUMENTS.indexOf(ranked.get(0).textSegment().text());
      assertEquals(expected.ranking().get(0).score(), expected.values()[first]);
    }
  }

  @Test
  void aRerankerIsLoadedInEveryWay() throws IOException {
    Path file = SmallModels.reranker(folder);
    try (KumikoScoringModel model = new KumikoScoringModel(file, Runnable::run);
        KumikoScoringModel built =
            KumikoScoringModel.builder()
                .model(file.toUri().toURL())
                .threads(1)
                .maxTokens(8)
                .build()) {
      Response<Double> whole = model.score("ash bends ".repeat(9), "which wood bends");
      assertEquals(8, built.reranker().maxTokens());
      assertEquals(
          8, built.score("ash bends ".repeat(9), "which wood").tokenUsage().inputTokenCount());
      assertTrue(whole.tokenUsage().inputTokenCount() > 8);
      assertEquals(List.of(), model.scoreAll(List.of(), "which wood bends").content());
      assertThrows(IllegalArgumentException.class, () -> model.score(" ", "which wood bends"));
      assertThrows(
          IllegalStateException.class,
          () -> KumikoScoringModel.builder().reranker(model.reranker()).threads(1).build());
      new KumikoScoringModel(model.reranker()).close();
      assertEquals(
          whole.content(), model.score("ash bends ".repeat(9), "which wood bends").content());
    }
    assertThrows(IllegalStateException.class, () -> KumikoScoringModel.builder().build());
  }

  @Test
  void anEmbedderIsNoScoringModel() throws IOException {
    Path file = SmallModels.embedder(folder);
    String message =
        assertThrows(UncheckedIOException.class, () -> new KumikoScoringModel(file)).getMessage();
    assertTrue(message.contains("gives embeddings"), message);
  }

  @Test
  void tokensAreThoseOfTheEmbedder() throws IOException {
    try (Embedder embedder = Embedder.load(SmallModels.embedder(folder))) {
      KumikoTokenCountEstimator estimator = new KumikoTokenCountEstimator(embedder);
      String text = "a roof ".repeat(100);
      int tokens = embedder.countTokens(text);
      assertTrue(tokens > embedder.maxTokens());
      assertEquals(tokens, estimator.estimateTokenCountInText(text));
      assertEquals(
          3 * tokens,
          estimator.estimateTokenCountInMessages(
              List.of(UserMessage.from(text), SystemMessage.from(text), AiMessage.from(text))));
      assertEquals(
          embedder.countTokens("a\nroof"),
          estimator.estimateTokenCountInMessage(
              UserMessage.from(TextContent.from("a"), TextContent.from("roof"))));
      UserMessage image = UserMessage.from(ImageContent.from("https://example.org/a.png"));
      assertThrows(
          UnsupportedFeatureException.class, () -> estimator.estimateTokenCountInMessage(image));
    }
  }
}
