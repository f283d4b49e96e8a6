package dev.kumiko.bench;

import dev.kumiko.Embedder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that embed one text after another until time is up, and then are interrupted. */
final class Callers {
  private final Embedder embedder;
  private final List<String> texts;
  private final List<float[]> expected;
  private final Thread.Builder threads;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  /**
   * Callers that have not begun.
   *
   * @param expected the texts' vectors
   */
  Callers(Embedder embedder, List<String> texts, List<float[]> expected, Thread.Builder threads) {
    this.embedder = embedder;
    this.texts = texts;
    this.expected = expected;
    this.threads = threads;
  }

  /** Returns how many calls failed, or gave another vector. */
  long failures() {
    return failures.get();
  }

  /** Lets so many call for some time; returns how many texts a second were done by then. */
  double run(int callers, Duration time) throws InterruptedException {
    long first = done.get();
    long start = System.nanoTime();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      running.add(threads.start(this::call));
    }
    Thread.sleep(time);
    double rate = (done.get() - first) / ((System.nanoTime() - start) / 1e9);
    running.forEach(Thread::interrupt);
    for (Thread thread : running) {
      thread.join();
    }
    return rate;
  }

  private void call() {
    while (!Thread.currentThread().isInterrupted()) {
      int text = (int) (begun.getAndIncrement() % texts.size());
      try {
        if (!Arrays.equals(expected.get(text), embedder.embed(texts.get(text)).vector())) {
          failures.incrementAndGet();
        }
        done.incrementAndGet();
      } catch (CancellationException e) {
        return; // interrupted
      } catch (RuntimeException | Error e) {
        if (failures.getAndIncrement() == 0) {
          e.printStackTrace(System.err);
        }
      }
    }
  }
}
