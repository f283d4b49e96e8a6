package dev.kumiko.server;

import dev.kumiko.server.batch.Batcher;
import dev.kumiko.server.model.ServedModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets the models of an idle server compute, so that the JVM compiles what computes before the
 * first requests come: without it the first second of requests gets a tenth of the speed.
 */
final class Practice {
  /** Of one model; the engine has its kernels compiled by a thread of its own meanwhile. */
  private static final long LONGEST_NANOS = 1_000_000_000;

  /** Twice as long as the engine tries at the most. */
  private static final long WATCH_NANOS = 60_000_000_000L;

  private final Collection<ServedModel> models;
  private final Batcher batcher;
  private final Map<ServedModel, String> kernels = new HashMap<>();

  /** Practises on models, as long as the batcher has nothing to do. */
  Practice(Collection<ServedModel> models, Batcher batcher) {
    this.models = models;
    this.batcher = batcher;
    models.forEach(model -> kernels.put(model, model.backend().name()));
  }

  /**
   * Begins, and returns at once. It ends by itself, and sooner when there are requests.
   *
   * @param faster hears of each model that is computed by other kernels than at the start
   */
  void begin(Consumer<ServedModel> faster) {
    Thread.ofPlatform()
        .name("kumiko-practice")
        .daemon()
        .start(
            () -> {
              run();
              watch(faster);
            });
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

  private void watch(Consumer<ServedModel> faster) {
    List<ServedModel> waiting = new ArrayList<>(models);
    long begun = System.nanoTime();
    while (!waiting.isEmpty() && System.nanoTime() - begun < WATCH_NANOS) {
      List<ServedModel> changed = waiting.stream().filter(this::hasChanged).toList();
      changed.forEach(faster);
      waiting.removeAll(changed);
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean hasChanged(ServedModel model) {
    return !model.backend().name().equals(kernels.get(model));
  }
}
