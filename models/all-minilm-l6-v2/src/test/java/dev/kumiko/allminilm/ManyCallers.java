package dev.kumiko.allminilm;

import dev.kumiko.Embedder;
import dev.kumiko.Embeddings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A program with more callers than threads, whose texts are as long as the model takes them. */
final class ManyCallers {
  static final int THREADS = 2;
  static final int CALLERS = 4;

  /** Of each caller; so many fill a place. */
  static final int TEXTS = 2;

  private ManyCallers() {}

  /** Embeds with the model of the first argument, and prints how many texts had vectors. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    String text = "A purlin carries the rafters. ".repeat(50);
    int done = 0;
    try (Embedder embedder = Embedder.builder().threads(THREADS).load(Path.of(args[0]));
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<Embeddings>> calls = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        calls.add(callers.submit(() -> embedder.embedAll(Collections.nCopies(TEXTS, text))));
      }
      for (Future<Embeddings> call : calls) {
        done += call.get().vectors().length;
      }
    }
    System.out.println(done + " texts");
  }
}
