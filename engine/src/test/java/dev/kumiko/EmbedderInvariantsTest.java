package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A text's vector depends on the text alone: not on neighbours, order, threads or executors. */
class EmbedderInvariantsTest {
  static final List<String> FIXTURES = Fixture.BERT;

  @TempDir Path folder;

  private Path model(String name) throws IOException {
    return Fixture.open(name).writeModel(folder.resolve(name + ".safetensors"));
  }

  private static List<String> texts() throws IOException {
    return Fixture.open("bert-mean").texts();
  }

  private static List<Embedding> alone(Embedder embedder, List<String> texts) {
    List<Embedding> embeddings = new ArrayList<>();
    for (String text : texts) {
      embeddings.add(embedder.embed(text));
    }
    return embeddings;
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void aBatchEqualsItsTextsAloneInAnyOrder(String name) throws IOException {
    try (Embedder embedder = Embedder.load(model(name))) {
      List<String> texts = texts();
      List<Embedding> alone = alone(embedder, texts);
      Vectors.assertSame(alone, embedder.embedAll(texts), "in order");
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        order.add(i);
      }
      Collections.shuffle(order, new Random(1));
      List<Embedding> shuffled = embedder.embedAll(order.stream().map(texts::get).toList());
      for (int i = 0; i < order.size(); i++) {
        Vectors.assertSame(alone.get(order.get(i)), shuffled.get(i), "text " + order.get(i));
      }
    }
  }

  @Test
  void anyNeighboursAreAsGoodAsNone() throws IOException {
    try (Embedder embedder = Embedder.load(model("bert-sqrtlen-odd"))) {
      String text = "The joiner fits thin strips of cedar.";
      Embedding alone = embedder.embed(text);
      for (int before = 0; before <= 13; before++) {
        List<String> batch = new ArrayList<>(Collections.nCopies(before, "a"));
        batch.add(text);
        batch.add("word ".repeat(before));
        Vectors.assertSame(alone, embedder.embedAll(batch).get(before), before + " before");
      }
    }
  }

  @Test
  void noTextsGiveAnEmptyList() throws IOException {
    try (Embedder embedder = Embedder.load(model("bert-mean"))) {
      assertEquals(List.of(), embedder.embedAll(List.of()));
    }
  }

  @Test
  void everyVectorIsTheCallersOwn() throws IOException {
    try (Embedder embedder = Embedder.load(model("bert-mean"))) {
      List<Embedding> twice = embedder.embedAll(List.of("cedar", "cedar"));
      assertNotSame(twice.get(0).vector(), twice.get(1).vector());
      float before = twice.get(1).vector()[0];
      twice.get(0).vector()[0] = 7;
      assertEquals(before, twice.get(1).vector()[0]);
      Vectors.assertSame(twice.get(1), embedder.embed("cedar"), "afterwards");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void theNumberOfThreadsDoesNotMatter(int threads) throws IOException {
    Path model = model("bert-cls-gelu-tanh");
    List<String> texts = new ArrayList<>(texts());
    texts.addAll(texts());
    texts.addAll(texts());
    try (Embedder one = Embedder.builder().threads(1).load(model);
        Embedder several = Embedder.builder().threads(threads).load(model)) {
      Vectors.assertSame(one.embedAll(texts), several.embedAll(texts), threads + " threads");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void concurrentCallsDoNotDisturbOneAnother(int threads) throws Exception {
    List<String> texts = texts();
    try (Embedder embedder = Embedder.builder().threads(threads).load(model("bert-mean"));
        ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Embedding> expected = alone(embedder, texts);
      List<Callable<List<Embedding>>> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        boolean batch = i % 2 == 0;
        calls.add(() -> batch ? embedder.embedAll(texts) : alone(embedder, texts));
      }
      for (Future<List<Embedding>> call : callers.invokeAll(calls)) {
        Vectors.assertSame(expected, call.get(), "concurrent");
      }
    }
  }

  @Test
  void anExecutorThatDoesNothingCostsSpeedAlone() throws IOException {
    Executor rejects =
        task -> {
          throw new RejectedExecutionException("full");
        };
    ExecutorService stopped = Executors.newSingleThreadExecutor();
    stopped.shutdown();
    Executor never = task -> {};
    Path model = model("bert-mean");
    try (Embedder plain = Embedder.load(model)) {
      List<Embedding> expected = plain.embedAll(texts());
      for (Executor executor : List.of(rejects, stopped, never, Runnable::run)) {
        try (Embedder embedder = Embedder.builder().threads(4).executor(executor).load(model)) {
          Vectors.assertSame(expected, embedder.embedAll(texts()), "executor");
        }
      }
    }
  }

  @Test
  void helpersThatComeTooLateFindNothingToDo() throws IOException {
    List<Runnable> tasks = new CopyOnWriteArrayList<>();
    List<Embedding> embeddings;
    try (Embedder embedder =
        Embedder.builder().threads(4).executor(tasks::add).load(model("bert-mean"))) {
      embeddings = embedder.embedAll(texts());
    }
    float[] before = embeddings.get(0).vector().clone();
    assertEquals(3, tasks.size());
    tasks.forEach(Runnable::run);
    assertEquals(before[0], embeddings.get(0).vector()[0]);
  }

  @Test
  void noMoreHelpersAreAskedForThanThereIsWork() throws IOException {
    List<Runnable> tasks = new CopyOnWriteArrayList<>();
    try (Embedder embedder =
        Embedder.builder().threads(3).executor(tasks::add).load(model("bert-mean"))) {
      assertEquals(3, embedder.embedAll(List.of("a", "b", "c")).size());
      assertEquals(2, tasks.size(), "a text for each thread");
      assertEquals(3, embedder.embed("a").tokens());
      assertEquals(2, tasks.size(), "too short to be shared");
      int tokens = embedder.embed("a ".repeat(15)).tokens();
      assertEquals(2 + tokens / 8 - 1, tasks.size(), "rows for two threads");
    }
  }

  @Test
  void theCallersExecutorOutlivesTheEmbedder() throws IOException {
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      try (Embedder embedder = Embedder.builder().executor(executor).load(model("bert-mean"))) {
        assertEquals(2, embedder.embedAll(List.of("a", "b")).size());
      }
      assertFalse(executor.isShutdown());
    }
  }
}
