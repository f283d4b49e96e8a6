package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of texts of any length. */
class EmbeddingIteratorTest {
  @TempDir Path folder;
  private Path model;
  private Embedder embedder;

  @BeforeEach
  void load() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    embedder = Embedder.load(model);
  }

  @AfterEach
  void close() {
    embedder.close();
  }

  private static List<String> texts(int number) {
    return IntStream.range(0, number).mapToObj(i -> "roof " + i).toList();
  }

  @Test
  void aStreamGivesTheVectorsOfAList() {
    List<String> texts = texts(1300);
    EmbedOptions query = EmbedOptions.DEFAULT.withPrompt(Prompt.QUERY).withDimension(9);
    Vectors.assertSame(
        embedder.embedAll(texts), embedder.embedStream(texts.stream()).toList(), "stream");
    Vectors.assertSame(
        embedder.embedAll(texts, query),
        embedder.embedStream(texts.stream(), query).toList(),
        "stream with options");
    assertEquals(0, embedder.embedStream(Stream.of()).count());
  }

  @Test
  void noMoreIsReadThanIsNeeded() {
    AtomicInteger read = new AtomicInteger();
    Stream<String> endless = Stream.generate(() -> "roof " + read.incrementAndGet());
    Iterator<Embedding> embeddings = embedder.embedEach(endless.iterator(), EmbedOptions.DEFAULT);
    assertEquals(0, read.get());
    embeddings.next();
    int first = read.get();
    assertTrue(first < 2000, first + " texts were read for one");
    for (int i = 1; i < first; i++) {
      embeddings.next();
    }
    assertEquals(first, read.get());
  }

  @Test
  void aParallelStreamCollectsNothingInAdvance() {
    AtomicInteger read = new AtomicInteger();
    Stream<String> texts = Stream.generate(() -> "roof " + read.incrementAndGet()).limit(5000);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    embedder
        .embedStream(texts)
        .parallel()
        .forEach(
            embedding -> {
              int ahead = read.get() - done.incrementAndGet();
              most.accumulateAndGet(ahead, Math::max);
            });
    assertEquals(5000, done.get());
    assertTrue(most.get() <= 600, most + " texts were read ahead");
  }

  @Test
  void longTextsAreFewerAtATime() {
    AtomicInteger read = new AtomicInteger();
    String text = "roof ".repeat(100_000);
    Stream<String> endless =
        Stream.generate(
            () -> {
              read.incrementAndGet();
              return text;
            });
    embedder.embedEach(endless.iterator(), EmbedOptions.DEFAULT).next();
    assertTrue(read.get() <= 2, read + " texts of 500,000 characters were read for one");
  }

  @Test
  void closingClosesTheTexts() {
    AtomicBoolean closed = new AtomicBoolean();
    try (Stream<Embedding> embeddings =
        embedder.embedStream(Stream.of("a").onClose(() -> closed.set(true)))) {
      assertEquals(1, embeddings.count());
      assertFalse(closed.get());
    }
    assertTrue(closed.get());
  }

  @Test
  void aListenerCountsOverTheWholeStream() {
    List<Long> heard = new ArrayList<>();
    EmbedOptions options =
        EmbedOptions.DEFAULT.withProgress(
            (done, all) -> {
              assertEquals(EmbedProgress.UNKNOWN, all);
              heard.add(done);
            });
    assertEquals(1300, embedder.embedStream(texts(1300).stream(), options).toList().size());
    assertEquals(heard.stream().distinct().sorted().toList(), heard);
    assertEquals(1300, heard.getLast());
  }

  @Test
  void whatIsWrongNamesThePlaceInTheStream() {
    List<String> texts = new ArrayList<>(texts(600));
    texts.set(555, null);
    Iterator<Embedding> embeddings = embedder.embedEach(texts.iterator(), EmbedOptions.DEFAULT);
    for (int i = 0; i < 512; i++) {
      embeddings.next();
    }
    String message = assertThrows(NullPointerException.class, embeddings::next).getMessage();
    assertTrue(message.contains("text 555"), message);
  }

  @Test
  void theEndIsSaidAndSoIsAnInterruption() {
    Iterator<Embedding> none =
        embedder.embedEach(List.<String>of().iterator(), EmbedOptions.DEFAULT);
    assertFalse(none.hasNext());
    assertThrows(NoSuchElementException.class, none::next);
    Iterator<Embedding> some =
        embedder.embedEach(Arrays.asList("a").iterator(), EmbedOptions.DEFAULT);
    Thread.currentThread().interrupt();
    try {
      assertThrows(CancellationException.class, some::next);
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  /** Embeds so many lines, and prints how many there were. */
  static final class Lines {
    private Lines() {}

    public static void main(String[] args) throws IOException {
      try (Embedder embedder = Embedder.load(Path.of(args[0]));
          Stream<Embedding> embeddings =
              embedder.embedStream(
                  IntStream.range(0, Integer.parseInt(args[1])).mapToObj(i -> "roof " + i))) {
        System.out.println(embeddings.filter(e -> e.vector().length > 0).count());
      }
    }
  }

  /** Their vectors alone would take 200,000 x (4 x 48 + 60) bytes, and the strings 12 MB. */
  @Test
  void manyLinesNeedTheMemoryOfFew() throws Exception {
    List<String> options = List.of("-Xmx32m", "--add-modules=jdk.incubator.vector");
    ChildJvm child =
        ChildJvm.run(folder, options, Lines.class.getName(), model.toString(), "200000");
    assertEquals(List.of("200000"), child.out());
  }
}
