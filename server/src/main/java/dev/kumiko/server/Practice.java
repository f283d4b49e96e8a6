package dev.kumiko.server;

import dev.kumiko.server.batch.Batcher;
import dev.kumiko.server.model.ServedModel;
import java.util.Collection;

/**
 * Lets the models of an idle server compute, so that the JVM compiles what computes before the
 * first requests come: without it the first second of requests gets a tenth of the speed.
 */
final class Practice {
  /** Of one model; the engine has its kernels compiled by a thread of its own meanwhile. */
  private static final long LONGEST_NANOS = 1_000_000_000;

  private final Collection<ServedModel> models;
  private final Batcher batcher;

  /** Practises on models, as long as the batcher has nothing to do. */
  Practice(Collection<ServedModel> models, Batcher batcher) {
    this.models = models;
    this.batcher = batcher;
  }

  /** Begins, and returns at once. It ends by itself, and sooner when there are requests. */
  void begin() {
    Thread.ofPlatform().name("kumiko-practice").daemon().start(this::run);
  }

  /** Returns how many texts were computed. */
  int run() {
    int texts = 0;
    try {
      for (ServedModel model : models) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < LONGEST_NANOS && isIdle()) {
          model.practise();
          texts++;
        }
      }
    } catch (IllegalStateException e) {
      return texts; // the server has been closed
    }
    return texts;
  }

  private boolean isIdle() {
    return batcher.computing() == 0 && batcher.waiting() == 0;
  }
}
