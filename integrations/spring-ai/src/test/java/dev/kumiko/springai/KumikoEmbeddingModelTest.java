package dev.kumiko.springai;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.EmbedOptions;
import dev.kumiko.Embedder;
import dev.kumiko.Prompt;
import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.util.MimeTypeUtils;

/** The embedding model, with a model whose prompts differ, and in Spring AI's own vector store. */
class KumikoEmbeddingModelTest {
  private static final String TEXT = "roofs of a b c";

  @TempDir static Path folder;
  private static Embedder embedder;
  private static KumikoEmbeddingModel model;
  private static KumikoEmbeddingModel auto;

  @BeforeAll
  static void load() throws IOException {
    embedder = Embedder.load(SmallModels.withPrompts(folder));
    model = KumikoEmbeddingModel.builder(embedder).build();
    auto = KumikoEmbeddingModel.builder(embedder).prompts(KumikoPrompts.AUTO).build();
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  private static EmbeddingResponse call(EmbeddingOptions options, String... texts) {
    return model.call(new EmbeddingRequest(List.of(texts), options));
  }

  private static String refusal(EmbeddingOptions options) {
    return assertThrows(IllegalArgumentException.class, () -> call(options, TEXT)).getMessage();
  }

  private static float[] vector(Prompt prompt) {
    return embedder.embed(TEXT, prompt).vector();
  }

  @Test
  void resultsAreNumberedFromZeroAndSayWhatTheyTook() {
    EmbeddingResponse response = call(null, TEXT, "", "a");
    assertEquals(3, response.getResults().size());
    for (int i = 0; i < 3; i++) {
      assertEquals(i, response.getResults().get(i).getIndex());
    }
    assertArrayEquals(vector(Prompt.DEFAULT), response.getResults().getFirst().getOutput());
    int tokens = embedder.countTokens(TEXT) + embedder.countTokens("") + embedder.countTokens("a");
    assertEquals(tokens, response.getMetadata().getUsage().getPromptTokens());
    assertEquals(tokens, response.getMetadata().getUsage().getTotalTokens());
    assertEquals(embedder.model().name(), response.getMetadata().getModel());
    assertEquals(0, response.getMetadata().<Integer>get(KumikoEmbeddingModel.TRUNCATED));
    EmbeddingResponse cut = call(null, "a ".repeat(embedder.maxTokens()), "a");
    assertEquals(1, cut.getMetadata().<Integer>get(KumikoEmbeddingModel.TRUNCATED));
  }

  @Test
  void noTextsGiveNoResults() {
    EmbeddingResponse response = call(null);
    assertEquals(List.of(), response.getResults());
    assertEquals(0, response.getMetadata().getUsage().getTotalTokens());
    assertEquals(List.of(), model.embed(List.<String>of()));
  }

  @Test
  void theDimensionIsTheEmbedders() throws IOException {
    assertEquals(embedder.dimension(), model.dimensions());
    try (Embedder shorter =
        Embedder.builder().truncateDim(3).load(SmallModels.withPrompts(folder))) {
      KumikoEmbeddingModel small = KumikoEmbeddingModel.builder(shorter).build();
      assertEquals(3, small.dimensions());
      assertEquals(3, small.embed(TEXT).length);
      EmbeddingOptions whole = EmbeddingOptions.builder().dimensions(embedder.dimension()).build();
      EmbeddingResponse response = small.call(new EmbeddingRequest(List.of(TEXT), whole));
      assertArrayEquals(vector(Prompt.DEFAULT), response.getResult().getOutput());
    }
  }

  @Test
  void optionsOfACallArrive() {
    EmbedOptions expected = EmbedOptions.DEFAULT.withPrompt(Prompt.QUERY).withDimension(2);
    KumikoEmbeddingOptions options =
        KumikoEmbeddingOptions.builder()
            .model(embedder.model().name())
            .dimensions(2)
            .prompt("query")
            .build();
    assertArrayEquals(
        embedder.embed(TEXT, expected).vector(), call(options, TEXT).getResult().getOutput());
    KumikoEmbeddingOptions none = KumikoEmbeddingOptions.builder().prompt("none").build();
    assertArrayEquals(vector(Prompt.NONE), call(none, TEXT).getResult().getOutput());
    EmbeddingOptions portable = EmbeddingOptions.builder().dimensions(2).build();
    assertEquals(2, call(portable, TEXT).getResult().getOutput().length);
  }

  @Test
  void optionsThatTheModelDoesNotHaveAreRefusedByName() {
    int dimension = embedder.dimension();
    String tooLong = refusal(EmbeddingOptions.builder().dimensions(dimension + 1).build());
    assertTrue(tooLong.contains("dimensions is " + (dimension + 1)), tooLong);
    assertTrue(tooLong.contains("from 1 to " + dimension + " components"), tooLong);
    String none = refusal(EmbeddingOptions.builder().dimensions(0).build());
    assertTrue(none.contains("dimensions is 0"), none);
    String other = refusal(EmbeddingOptions.builder().model("text-embedding-3-small").build());
    assertTrue(other.contains("\"text-embedding-3-small\""), other);
    assertTrue(other.contains("\"" + embedder.model().name() + "\""), other);
    String riddle = refusal(KumikoEmbeddingOptions.builder().prompt("riddle").build());
    assertTrue(riddle.contains("no prompt named \"riddle\""), riddle);
    String foreign = refusal(new ForeignOptions("somebody"));
    assertTrue(foreign.contains(ForeignOptions.class.getName()), foreign);
  }

  /** What another provider's options are like: they can ask for more than a model. */
  private record ForeignOptions(String user) implements EmbeddingOptions {
    @Override
    public String getModel() {
      return null;
    }

    @Override
    public Integer getDimensions() {
      return null;
    }
  }

  @Test
  void textsAloneAreQueriesAndDocumentsAreDocumentsIfAskedFor() {
    Document document = new Document(TEXT);
    float[] query = vector(Prompt.QUERY);
    float[] found = vector(Prompt.DOCUMENT);
    assertNotEquals(query[0], found[0]);
    assertArrayEquals(query, auto.embed(TEXT));
    assertArrayEquals(found, auto.embed(document));
    KumikoBatchingStrategy strategy = new KumikoBatchingStrategy(auto);
    assertArrayEquals(found, auto.embed(List.of(document), null, strategy).getFirst());
    assertArrayEquals(vector(Prompt.DEFAULT), auto.embed(List.of(TEXT)).getFirst());
    KumikoEmbeddingOptions options = KumikoEmbeddingOptions.builder().prompt("query").build();
    assertArrayEquals(query, auto.embed(List.of(document), options, strategy).getFirst());

    KumikoEmbeddingModel none =
        KumikoEmbeddingModel.builder(embedder).prompts(KumikoPrompts.NONE).build();
    assertArrayEquals(vector(Prompt.NONE), none.embed(document));
    KumikoEmbeddingModel named =
        KumikoEmbeddingModel.builder(embedder).prompts(KumikoPrompts.of("query")).build();
    assertArrayEquals(query, named.embed(document));
    assertArrayEquals(vector(Prompt.DEFAULT), model.embed(TEXT));
  }

  @Test
  void aPromptThatTheModelLacksIsRefusedWhenItIsBuilt() {
    KumikoEmbeddingModel.Builder builder =
        KumikoEmbeddingModel.builder(embedder).prompts(KumikoPrompts.named("riddle"));
    assertThrows(IllegalArgumentException.class, builder::build);
  }

  @Test
  void promptsArriveThroughAVectorStore() {
    SimpleVectorStore store = SimpleVectorStore.builder(auto).build();
    store.add(List.of(new Document("a b c"), new Document(TEXT), new Document("the roof")));
    SearchRequest request = SearchRequest.builder().query("a").topK(3).build();
    List<Document> found = store.similaritySearch(request);
    assertEquals(3, found.size());
    float[] query = embedder.embed("a", Prompt.QUERY).vector();
    for (Document document : found) {
      float[] vector = embedder.embed(document.getText(), Prompt.DOCUMENT).vector();
      assertEquals(Similarity.COSINE.between(query, vector), document.getScore(), 1e-6);
    }
  }

  @Test
  void metadataIsEmbeddedAsFarAsTheModeSays() {
    Document document = new Document(TEXT, Map.of("author", "b"));
    assertEquals(TEXT, model.getEmbeddingContent(document));
    for (MetadataMode mode : List.of(MetadataMode.ALL, MetadataMode.EMBED)) {
      KumikoEmbeddingModel with = KumikoEmbeddingModel.builder(embedder).metadataMode(mode).build();
      String content = document.getFormattedContent(mode);
      assertEquals(content, with.getEmbeddingContent(document));
      assertTrue(content.contains("author: b"), content);
      assertArrayEquals(embedder.embed(content).vector(), with.embed(document));
      assertEquals(embedder.countTokens(content), with.countTokens(document));
    }
    document.setContentFormatter((d, mode) -> "formatted " + d.getText());
    assertEquals("formatted " + TEXT, model.getEmbeddingContent(document));
  }

  @Test
  void aDocumentWithoutTextIsRefusedByItsIdBeforeAnyIsEmbedded() {
    Document picture =
        new Document(
            "picture-7",
            new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.org/roof.png")),
            Map.of());
    KumikoBatchingStrategy strategy = new KumikoBatchingStrategy(model);
    List<Document> documents = List.of(new Document(TEXT), picture);
    for (Runnable action :
        List.<Runnable>of(
            () -> model.embed(picture),
            () -> model.embed(documents, null, strategy),
            () -> strategy.batch(documents),
            () -> KumikoTextSplitter.of(model).apply(documents))) {
      String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
      assertTrue(message.startsWith("document picture-7 has no text but image/png"), message);
    }
    assertArrayEquals(embedder.embed("").vector(), model.embed(new Document("")));
    assertThrows(NullPointerException.class, () -> model.embed((String) null));
  }

  @Test
  void aStrategyThatLosesDocumentsIsAnError() {
    List<Document> documents = List.of(new Document(TEXT), new Document("a"));
    assertThrows(
        IllegalArgumentException.class,
        () -> model.embed(documents, null, all -> List.of(all.subList(0, 1))));
  }

  @Test
  void optionsAreEqualIfAllIsEqual() {
    KumikoEmbeddingOptions one = KumikoEmbeddingOptions.builder().dimensions(2).build();
    assertEquals(one, KumikoEmbeddingOptions.builder().dimensions(2).build());
    assertEquals(one.hashCode(), KumikoEmbeddingOptions.builder().dimensions(2).build().hashCode());
    assertNotEquals(one, KumikoEmbeddingOptions.builder().dimensions(2).prompt("query").build());
  }
}
