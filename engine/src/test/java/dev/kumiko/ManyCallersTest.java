package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Many calls at once, calls that are cancelled, and embedders that are closed meanwhile. */
@Timeout(120)
class ManyCallersTest {
  private static final String TEXT = "The joiner fits thin strips of cedar. ".repeat(4);

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
  }

  @Test
  void aThousandVirtualThreadsGetTheVectorsOfOne() throws Exception {
    List<String> texts = Fixture.open("bert-mean").texts();
    try (Embedder embedder = Embedder.builder().threads(2).load(model);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Embedding> expected = embedder.embedAll(texts);
      List<Future<Embedding>> calls = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        String text = texts.get(i % texts.size());
        calls.add(callers.submit(() -> embedder.embed(text)));
      }
      List<Future<List<Embedding>>> batches = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        batches.add(callers.submit(() -> embedder.embedAll(texts)));
      }
      for (int i = 0; i < calls.size(); i++) {
        float[] wanted = expected.get(i % texts.size()).vector();
        assertArrayEquals(wanted, calls.get(i).get().vector(), "call " + i);
      }
      for (Future<List<Embedding>> batch : batches) {
        for (int i = 0; i < texts.size(); i++) {
          assertArrayEquals(expected.get(i).vector(), batch.get().get(i).vector(), "batch");
        }
      }
    }
  }

  /** One executor for callers and helpers, as frameworks have: helpers stand behind callers. */
  @Test
  void callersOnTheExecutorOfTheHelpersDoNotWaitForOneAnother() throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(2);
        Embedder embedder = Embedder.builder().threads(4).executor(executor).load(model)) {
      Embedding expected = embedder.embed(TEXT);
      List<Future<List<Embedding>>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(executor.submit(() -> embedder.embedAll(Collections.nCopies(5, TEXT))));
      }
      for (Future<List<Embedding>> call : calls) {
        assertArrayEquals(expected.vector(), call.get().get(4).vector());
      }
    }
  }

  @Test
  void anExecutorThatCallsTheEmbedderItselfDoesNotWaitForItself() throws IOException {
    AtomicReference<Embedder> self = new AtomicReference<>();
    int[] depth = {0};
    Executor nested =
        task -> {
          if (depth[0]++ < 50) {
            assertEquals(self.get().dimension(), self.get().embed(TEXT).vector().length);
          }
          task.run();
        };
    try (Embedder embedder = Embedder.builder().threads(2).executor(nested).load(model)) {
      self.set(embedder);
      assertTrue(embedder.embed(TEXT).tokens() > 8);
      assertTrue(depth[0] > 40, "nested deeper than there are workspaces: " + depth[0]);
    }
  }

  /** Each call asks for a helper; the executor embeds in another thread before it gives one. */
  @Test
  void anExecutorThatWaitsForOtherCallsKeepsNobodyFromHisTurn() throws Exception {
    AtomicReference<Embedder> self = new AtomicReference<>();
    AtomicInteger depth = new AtomicInteger();
    Executor nested =
        task -> {
          if (depth.getAndIncrement() < 100) {
            Thread other = Thread.ofVirtual().start(() -> self.get().embed(TEXT));
            joinQuietly(other);
          }
          joinQuietly(Thread.ofVirtual().start(task));
        };
    try (Embedder embedder = Embedder.builder().threads(2).executor(nested).load(model)) {
      self.set(embedder);
      assertTrue(embedder.embed(TEXT).tokens() > 8);
      assertEquals(101, depth.get());
      assertEquals(3, embedder.embedAll(Collections.nCopies(3, TEXT)).size());
    }
  }

  private static void joinQuietly(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whateverTheExecutorThrowsTheCallSucceeds() throws IOException {
    List<Throwable> thrown =
        List.of(
            new IllegalStateException("pool is down"),
            new OutOfMemoryError("unable to create native thread"),
            new StackOverflowError(),
            new IOException("by a language without checked exceptions"));
    for (Throwable t : thrown) {
      Executor broken = task -> sneak(t);
      try (Embedder embedder = Embedder.builder().threads(4).executor(broken).load(model)) {
        assertEquals(5, embedder.embedAll(Collections.nCopies(5, TEXT)).size(), t.toString());
        assertTrue(embedder.embed(TEXT).tokens() > 8);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable t) throws T {
    throw (T) t;
  }

  @Test
  void closingFromWithinACallEndsWithTheCall() throws Exception {
    AtomicReference<Embedder> self = new AtomicReference<>();
    Executor closes =
        task -> {
          self.get().close();
          task.run();
        };
    Embedder embedder = Embedder.builder().threads(2).executor(closes).load(model);
    self.set(embedder);
    List<Embedding> embeddings = embedder.embedAll(Collections.nCopies(3, TEXT));
    assertEquals(3, embeddings.size());
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> embedder.embed(TEXT));
    assertEquals("this embedder is closed", e.getMessage());
    try (Embedder other = Embedder.load(model)) {
      assertArrayEquals(other.embed(TEXT).vector(), embeddings.get(2).vector());
    }
  }

  @Test
  void closingEndsCallsThatWaitForTheirTurn() throws Exception {
    Embedder embedder = Embedder.builder().threads(1).load(model);
    String text = "thin strips of cedar ".repeat(100);
    float[] expected = embedder.embed(text).vector();
    List<Future<float[]>> calls = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Embedding>> begun =
          callers.submit(() -> embedder.embedAll(Collections.nCopies(2000, text)));
      Thread.sleep(200);
      for (int i = 0; i < 2000; i++) {
        calls.add(callers.submit(() -> embedder.embed(text).vector()));
      }
      embedder.close();
      assertArrayEquals(expected, begun.get().getLast().vector(), "what has begun is finished");
    }
    int refused = 0;
    for (Future<float[]> call : calls) {
      if (call.state() == Future.State.SUCCESS) {
        assertArrayEquals(expected, call.get());
      } else {
        assertEquals("this embedder is closed", call.exceptionNow().getMessage());
        refused++;
      }
    }
    assertTrue(refused > 1000, "refused: " + refused);
  }

  @Test
  void anInterruptCancelsACallWithManyTexts() throws Exception {
    try (Embedder embedder = Embedder.builder().threads(2).load(model)) {
      List<String> texts = Collections.nCopies(2_000_000, TEXT);
      AtomicReference<Throwable> end = new AtomicReference<>();
      AtomicReference<Boolean> interrupted = new AtomicReference<>();
      Thread caller =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      embedder.embedAll(texts);
                    } catch (CancellationException e) {
                      end.set(e);
                    }
                    interrupted.set(Thread.currentThread().isInterrupted());
                  });
      Thread.sleep(300);
      caller.interrupt();
      caller.join();
      assertEquals("the calling thread was interrupted", end.get().getMessage());
      assertTrue(interrupted.get(), "the thread stays interrupted");
      assertTrue(embedder.embed(TEXT).tokens() > 8, "others are not disturbed");
    }
  }

  @Test
  void aCallOnAnInterruptedThreadSaysSo() throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> embedder.embed(TEXT));
      assertTrue(Thread.interrupted());
      assertTrue(embedder.embed(TEXT).tokens() > 8);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anEmbedderThatIsNeverClosedFreesItsMap() throws Exception {
    WeakReference<Embedder> lost = loadAndForget();
    while (lost.get() != null || mapped()) {
      System.gc();
      Thread.sleep(20);
    }
  }

  private WeakReference<Embedder> loadAndForget() throws IOException {
    Embedder embedder = Embedder.builder().threads(2).load(model);
    embedder.embedAll(List.of("a", "b", "c"));
    assertTrue(mapped(), "the token table is mapped while it is used");
    return new WeakReference<>(embedder);
  }

  private boolean mapped() throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.anyMatch(line -> line.contains(folder.toString()));
    }
  }
}
