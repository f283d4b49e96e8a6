package dev.kumiko;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Makes a model's tokenizer while another thread reads its layers: of a large vocabulary, either
 * takes as long as the other. Closing it waits, so that the file can be closed then.
 */
final class TokenizerLoading implements AutoCloseable {
  private final FutureTask<Tokenizer> task;

  private TokenizerLoading(FutureTask<Tokenizer> task) {
    this.task = task;
  }

  /** Begins, on a thread of its own if there is a processor for it and a thread to be had. */
  static TokenizerLoading start(ModelFile file, ModelDescription model) {
    FutureTask<Tokenizer> task = new FutureTask<>(() -> read(file, model));
    try {
      if (Runtime.getRuntime().availableProcessors() > 1) {
        Thread.ofPlatform().daemon().name("kumiko-tokenizer").start(task);
        return new TokenizerLoading(task);
      }
    } catch (OutOfMemoryError e) {
      // No more threads: this one does it.
    }
    task.run();
    return new TokenizerLoading(task);
  }

  private static Tokenizer read(ModelFile file, ModelDescription model) throws IOException {
    int rows = model.architecture().vocabularySize();
    return Tokenizers.of(model.tokenizer(), TokenizerTables.read(file, model.tokenizer(), rows));
  }

  /**
   * Returns the tokenizer, once it is there.
   *
   * @throws IOException if the file's is malformed, or cannot be read
   */
  Tokenizer tokenizer() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits; what went wrong is of interest only to who asks for the tokenizer. */
  @Override
  public void close() {
    try {
      tokenizer();
    } catch (IOException | RuntimeException | Error e) {
      return;
    }
  }
}
