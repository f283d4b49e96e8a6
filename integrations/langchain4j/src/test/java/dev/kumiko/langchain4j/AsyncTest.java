package dev.kumiko.langchain4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.LongText;
import dev.kumiko.TextTooLongException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The embedding model as LangChain4j's asynchronous callers use it. */
@Timeout(60)
class AsyncTest {
  private static final EmbeddingRequest REQUEST =
      EmbeddingRequest.builder().inputs("oak", "a roof").build();

  @TempDir static Path folder;
  private static Embedder embedder;

  @BeforeAll
  static void load() throws IOException {
    embedder = Embedder.builder().longText(LongText.REFUSE).load(SmallModels.embedder(folder));
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  /** As a caller that is compiled against a newer core does. */
  @SuppressWarnings("unchecked")
  private static CompletableFuture<EmbeddingResponse> embedAsync(
      EmbeddingModel model, EmbeddingRequest request) throws ReflectiveOperationException {
    return (CompletableFuture<EmbeddingResponse>)
        EmbeddingModel.class.getMethod("embedAsync", EmbeddingRequest.class).invoke(model, request);
  }

  private static void assertVectors(EmbeddingResponse response) {
    assertEquals(2, response.embeddings().size());
    assertArrayEquals(embedder.embed("a roof").vector(), response.embeddings().get(1).vector());
  }

  @Test
  @DisabledIfSystemProperty(
      named = "kumiko.core",
      matches = "1\\.19\\..*",
      disabledReason = "it has no embedAsync")
  void langChain4jsAsyncPathGivesTheVectors() throws Exception {
    AtomicInteger responses = new AtomicInteger();
    EmbeddingModelListener listener =
        new EmbeddingModelListener() {
          @Override
          public void onResponse(EmbeddingModelResponseContext context) {
            responses.incrementAndGet();
          }
        };
    EmbeddingModel model =
        KumikoEmbeddingModel.builder().embedder(embedder).listeners(List.of(listener)).build();
    assertVectors(embedAsync(model, REQUEST).get());
    assertEquals(1, responses.get());
    EmbeddingRequest tooLong = EmbeddingRequest.builder().input("roof ".repeat(200)).build();
    CompletableFuture<EmbeddingResponse> failed = embedAsync(model, tooLong);
    Throwable cause = assertThrows(ExecutionException.class, failed::get).getCause();
    assertInstanceOf(TextTooLongException.class, cause);
  }

  @Test
  void theFutureHasTheResponseOrTheFailure() throws Exception {
    KumikoEmbeddingModel model = new KumikoEmbeddingModel(embedder);
    assertVectors(model.doEmbedAsync(REQUEST).get());
    CompletableFuture<EmbeddingResponse> failed =
        model.doEmbedAsync(EmbeddingRequest.builder().input("roof ".repeat(200)).build());
    Throwable cause = assertThrows(ExecutionException.class, failed::get).getCause();
    assertInstanceOf(TextTooLongException.class, cause);
  }

  @Test
  void cancellingTheFutureInterruptsTheCall() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Embedder endless =
        (Embedder)
            Proxy.newProxyInstance(
                AsyncTest.class.getClassLoader(),
                new Class<?>[] {Embedder.class},
                (proxy, method, arguments) -> {
                  if (!method.getName().equals("embedAll")) {
                    return method.invoke(embedder, arguments);
                  }
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                    return null;
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw new CancellationException("interrupted");
                  }
                });
    CompletableFuture<EmbeddingResponse> future =
        new KumikoEmbeddingModel(endless).doEmbedAsync(REQUEST);
    begun.await();
    assertTrue(future.cancel(true));
    assertTrue(interrupted.await(50, TimeUnit.SECONDS));
  }
}
