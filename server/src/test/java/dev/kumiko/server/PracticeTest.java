package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Precision;
import dev.kumiko.server.batch.BatchListener;
import dev.kumiko.server.batch.BatchSettings;
import dev.kumiko.server.batch.Batcher;
import dev.kumiko.server.batch.Computation;
import dev.kumiko.server.batch.Job;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ServedEmbedder;
import dev.kumiko.server.model.ServedModel;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server does before somebody asks. */
class PracticeTest {
  private final ModelCatalog catalog = new ModelCatalog();
  private final Batcher batcher =
      new Batcher(new BatchSettings(1, 512, Duration.ZERO, 100), BatchListener.NONE);
  private Collection<ServedModel> models;

  @BeforeEach
  void load() throws Exception {
    models = catalog.load(new ServerFixture.Options().models, 1, Precision.CLOSEST);
  }

  @AfterEach
  void close() {
    batcher.close();
    catalog.close();
  }

  @Test
  void eachModelOfAnIdleServerComputes() {
    ServedEmbedder tiny = (ServedEmbedder) models.iterator().next();
    float[] before = tiny.embedder().embed("a").vector();
    for (ServedModel model : models) {
      assertTrue(new Practice(List.of(model), batcher).run() > 1, model.name());
    }
    assertArrayEquals(before, tiny.embedder().embed("a").vector());
  }

  @Test
  void requestsComeFirst() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Job<String, String> job =
        batcher.submit(
            this,
            new Computation<String, String>() {
              @Override
              public List<String> compute(List<String> inputs) {
                begun.countDown();
                try {
                  leave.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                return inputs;
              }

              @Override
              public int cost(String input) {
                return 1;
              }
            },
            List.of("a"));
    begun.await();
    assertEquals(0, new Practice(models, batcher).run());
    leave.countDown();
    assertEquals(List.of("a"), job.await());
  }

  @Test
  void aClosedServerEndsIt() {
    catalog.close();
    assertEquals(0, new Practice(models, batcher).run());
  }
}
