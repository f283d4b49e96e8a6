package dev.kumiko.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.LongText;
import dev.kumiko.Prompt;
import dev.kumiko.TextTooLongException;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.DefaultEmbeddingRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The adapter as LangChain4j calls it. */
@Timeout(60)
class KumikoEmbeddingModelTest {
  @TempDir static Path folder;
  private static Path file;
  private static Embedder embedder;

  @BeforeAll
  static void load() throws IOException {
    file = SmallModels.embedder(folder);
    embedder = Embedder.load(file);
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  private static EmbeddingRequest.Builder request() {
    return EmbeddingRequest.builder().input("a roof");
  }

  /**
   * These tests run twice: with the core that the adapter is compiled against, and with a newer
   * one.
   */
  @Test
  void theCoreIsTheOneOfThisRun() {
    String jar = EmbeddingModel.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    String core = "langchain4j-core-" + System.getProperty("kumiko.core") + ".jar";
    assertTrue(jar.endsWith(core), jar + " is not " + core);
  }

  @Test
  void theVectorsAreTheEmbedders() {
    EmbeddingModel model = new KumikoEmbeddingModel(embedder);
    float[] expected = embedder.embed("a roof").vector();
    assertArrayEquals(expected, model.embed("a roof").content().vector());
    Response<List<Embedding>> all =
        model.embedAll(List.of(TextSegment.from("oak"), TextSegment.from("a roof")));
    assertArrayEquals(expected, all.content().get(1).vector());
    int tokens = embedder.countTokens("oak") + embedder.countTokens("a roof");
    assertEquals(tokens, all.tokenUsage().inputTokenCount());
    assertEquals(tokens, all.tokenUsage().totalTokenCount());
    assertEquals(embedder.dimension(), model.dimension());
    assertEquals("bert-mean", model.modelName());
    assertEquals(ModelProvider.OTHER, model.provider());
  }

  @Test
  void anInputTypeIsThePromptOfTheModel() {
    EmbeddingModel model = new KumikoEmbeddingModel(embedder);
    for (EmbeddingInputType type : EmbeddingInputType.values()) {
      Prompt prompt = type == EmbeddingInputType.QUERY ? Prompt.QUERY : Prompt.DOCUMENT;
      EmbeddingResponse response = model.embed(request().inputType(type).build());
      assertArrayEquals(
          embedder.embed("a roof", prompt).vector(), response.embeddings().get(0).vector());
      assertEquals("bert-mean", response.modelName());
    }
  }

  @Test
  void dimensionsAreOfARequestOrOfTheModel() {
    EmbeddingModel model = new KumikoEmbeddingModel(embedder);
    float[] short7 = model.embed(request().dimensions(7).build()).embeddings().get(0).vector();
    assertEquals(7, short7.length);
    try (KumikoEmbeddingModel small =
        KumikoEmbeddingModel.builder().model(file).dimensions(7).build()) {
      assertEquals(7, small.dimension());
      assertArrayEquals(short7, small.embed("a roof").content().vector());
      int whole = embedder.dimension();
      assertEquals(
          whole, small.embed(request().dimensions(whole).build()).embeddings().get(0).dimension());
    }
  }

  @Test
  void whatTheModelCannotDoIsRefusedByName() {
    EmbeddingModel model = new KumikoEmbeddingModel(embedder);
    String message =
        assertThrows(
                InvalidRequestException.class, () -> model.embed(request().dimensions(49).build()))
            .getMessage();
    assertTrue(message.contains("49 dimensions") && message.contains("have 48"), message);
    message =
        assertThrows(
                InvalidRequestException.class,
                () -> model.embed(request().modelName("another").build()))
            .getMessage();
    assertTrue(message.contains("\"another\"") && message.contains("bert-mean"), message);
    assertEquals(1, model.embed(request().modelName("bert-mean").build()).embeddings().size());
    EmbeddingParameter<String> riddle = new EmbeddingParameter<>("riddle", String.class);
    EmbeddingRequest unknown =
        EmbeddingRequest.builder()
            .input("a roof")
            .parameters(DefaultEmbeddingRequestParameters.builder().set(riddle, "what").build())
            .build();
    message =
        assertThrows(UnsupportedFeatureException.class, () -> model.embed(unknown)).getMessage();
    assertTrue(message.contains("riddle"), message);
    EmbeddingRequest image =
        EmbeddingRequest.builder().input(ImageContent.from("https://example.org/a.png")).build();
    assertThrows(UnsupportedFeatureException.class, () -> model.embed(image));
  }

  @Test
  void nullBlankAndNoTextsAreTreatedAsLangChain4jDoes() {
    EmbeddingModel model = new KumikoEmbeddingModel(embedder);
    for (String text : new String[] {null, "", " ", "\t\n"}) {
      assertThrows(IllegalArgumentException.class, () -> model.embed(text));
      assertThrows(IllegalArgumentException.class, () -> TextSegment.from(text));
    }
    assertThrows(IllegalArgumentException.class, () -> model.embed((TextSegment) null));
    assertThrows(IllegalArgumentException.class, () -> EmbeddingRequest.builder().build());
    assertEquals(List.of(), model.embedAll(List.of()).content());
  }

  /** Notes what it hears. */
  private static final class Notes implements EmbeddingModelListener {
    private final List<String> heard = new ArrayList<>();

    @Override
    public void onRequest(EmbeddingModelRequestContext context) {
      heard.add("request of " + context.textSegments().size());
    }

    @Override
    public void onResponse(EmbeddingModelResponseContext context) {
      heard.add("response of " + context.embeddingResponse().tokenUsage().inputTokenCount());
    }

    @Override
    public void onError(EmbeddingModelErrorContext context) {
      heard.add("error " + context.error().getClass().getSimpleName());
    }
  }

  @Test
  void listenersHearOfRequestsAnswersAndErrors() {
    Notes notes = new Notes();
    try (KumikoEmbeddingModel model =
        KumikoEmbeddingModel.builder()
            .model(file)
            .longText(LongText.REFUSE)
            .listeners(List.of(notes))
            .build()) {
      model.embed("a roof");
      assertThrows(TextTooLongException.class, () -> model.embed("roof ".repeat(200)));
    }
    int tokens = embedder.countTokens("a roof");
    assertEquals(
        List.of(
            "request of 1", "response of " + tokens, "request of 1", "error TextTooLongException"),
        notes.heard);
  }

  @Test
  void aListenerThatThrowsCostsNothing() {
    EmbeddingModelListener bad =
        new EmbeddingModelListener() {
          @Override
          public void onRequest(EmbeddingModelRequestContext context) {
            throw new IllegalStateException("no ear");
          }
        };
    EmbeddingModel model = new KumikoEmbeddingModel(embedder).addListener(bad);
    assertArrayEquals(embedder.embed("a roof").vector(), model.embed("a roof").content().vector());
  }

  @Test
  void anExecutorThatRefusesLeavesAllToTheCaller() {
    try (KumikoEmbeddingModel model =
        new KumikoEmbeddingModel(
            file,
            task -> {
              throw new RejectedExecutionException("full");
            })) {
      List<TextSegment> segments = Collections.nCopies(50, TextSegment.from("a roof"));
      assertEquals(50, model.embedAll(segments).content().size());
    }
  }

  @Test
  void closingWaitsForCallsAndEndsOnlyWhatTheModelLoaded() throws Exception {
    KumikoEmbeddingModel model = new KumikoEmbeddingModel(file);
    List<TextSegment> segments =
        Collections.nCopies(2000, TextSegment.from("the joiner fits thin strips of cedar"));
    CountDownLatch begun = new CountDownLatch(1);
    try (ExecutorService callers = Executors.newSingleThreadExecutor()) {
      Future<Response<List<Embedding>>> call =
          callers.submit(
              () -> {
                begun.countDown();
                return model.embedAll(segments);
              });
      begun.await();
      model.close();
      try {
        assertEquals(2000, call.get().content().size());
      } catch (java.util.concurrent.ExecutionException e) {
        assertTrue(e.getCause() instanceof IllegalStateException, "closed before it began");
      }
    }
    String message =
        assertThrows(IllegalStateException.class, () -> model.embed("a roof")).getMessage();
    assertTrue(message.contains("closed"), message);
    new KumikoEmbeddingModel(embedder).close();
    assertEquals(embedder.dimension(), embedder.embed("a roof").vector().length);
  }

  @Test
  void aModelIsLoadedInEveryWay() throws IOException {
    try (KumikoEmbeddingModel byDefault = new KumikoEmbeddingModel();
        KumikoEmbeddingModel withExecutor = new KumikoEmbeddingModel(Runnable::run);
        KumikoEmbeddingModel byUrl =
            KumikoEmbeddingModel.builder().model(file.toUri().toURL()).threads(1).build()) {
      assertEquals("all-MiniLM-L6-v2", byDefault.modelName());
      assertEquals(384, withExecutor.dimension());
      assertEquals("bert-mean", byUrl.modelName());
      assertSame(embedder, new KumikoEmbeddingModel(embedder).embedder());
    }
  }

  @Test
  void aNameOfOnesOwnTakesThePlaceOfTheModels() {
    EmbeddingModel model =
        KumikoEmbeddingModel.builder().embedder(embedder).modelName("ours").build();
    assertEquals("ours", model.modelName());
    assertEquals("ours", model.embed(request().modelName("ours").build()).modelName());
    assertThrows(
        InvalidRequestException.class, () -> model.embed(request().modelName("bert-mean").build()));
    assertThrows(
        IllegalArgumentException.class, () -> KumikoEmbeddingModel.builder().modelName(" "));
  }

  @Test
  void settingsThatContradictEachOtherAreRefused() {
    assertThrows(
        IllegalStateException.class,
        () -> KumikoEmbeddingModel.builder().model(file).embedder(embedder).build());
    assertThrows(
        IllegalStateException.class,
        () -> KumikoEmbeddingModel.builder().embedder(embedder).threads(2).build());
    assertThrows(IllegalArgumentException.class, () -> KumikoEmbeddingModel.builder().threads(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> KumikoEmbeddingModel.builder().model(file).dimensions(49).build());
    String message =
        assertThrows(
                UncheckedIOException.class,
                () -> new KumikoEmbeddingModel(folder.resolve("missing.safetensors")))
            .getMessage();
    assertTrue(message.contains("missing.safetensors"), message);
  }
}
