package dev.kumiko.server.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Micro-batching. */
@Timeout(60)
class BatcherTest {
  private static final Duration NONE = Duration.ZERO;

  /** Nothing else is asked for once a result is this. */
  private static final long LAST = 77;

  private final Work work = new Work();

  private static Batcher batcher(int threads, int tokens, Duration patience, int most) {
    return new Batcher(new BatchSettings(threads, tokens, patience, most), BatchListener.NONE);
  }

  /** What the computations of a test share. */
  private static final class Work {
    /** Each batch asks for one. */
    final Semaphore leave = new Semaphore(1_000_000);

    /** What was computed together, in the order in which it was begun. */
    final ConcurrentLinkedQueue<List<Integer>> batches = new ConcurrentLinkedQueue<>();

    final AtomicInteger begun = new AtomicInteger();

    void hold() {
      leave.drainPermits();
    }

    void awaitBegun(int count) throws InterruptedException {
      for (int i = 0; i < 2000 && begun.get() < count; i++) {
        Thread.sleep(5);
      }
      assertEquals(count, begun.get());
    }
  }

  /** Multiplies; an input costs as many tokens as it says, negative ones fail. */
  private record Times(Work work, int factor, int cost) implements Computation<Integer, Long> {
    @Override
    public List<Long> compute(List<Integer> inputs) {
      work.begun.incrementAndGet();
      work.batches.add(List.copyOf(inputs));
      work.leave.acquireUninterruptibly();
      if (inputs.contains(-1)) {
        throw new IllegalArgumentException("-1 is no good");
      }
      if (inputs.contains(-2)) {
        throw new OutOfMemoryError("none left");
      }
      if (inputs.contains(-3)) {
        return List.of();
      }
      return inputs.stream().map(input -> (long) input * factor).toList();
    }

    @Override
    public int cost(Integer input) {
      return cost;
    }

    @Override
    public boolean endsJob(Long result) {
      return result == LAST;
    }
  }

  private Times times(int factor) {
    return new Times(work, factor, 10);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 512", "2, 64", "3, 512"})
  void everyJobGetsItsOwnResultsInOrder(int threads, int tokens) throws Exception {
    try (Batcher batcher = batcher(threads, tokens, Duration.ofMillis(1), 1_000_000);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < 40; c++) {
        int client = c;
        all.add(
            clients.submit(
                () -> {
                  Random random = new Random(client);
                  for (int j = 0; j < 25; j++) {
                    int factor = 1 + random.nextInt(3);
                    List<Integer> inputs =
                        random.ints(1 + random.nextInt(30), 0, 1_000_000).boxed().toList();
                    Times times = new Times(work, factor, 1 + random.nextInt(2) * 300);
                    List<Long> results = batcher.submit(client % 7, times, inputs).await();
                    assertEquals(
                        inputs.stream().map(input -> (long) input * factor).toList(), results);
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      assertEquals(0, batcher.waiting());
    }
  }

  @Test
  void aResultMayEndItsJobAndNoOther() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(1, 10, NONE, 1000)) {
      Job<Integer, Long> ended = batcher.submit("a", times(1), List.of(1, 77, 3, 4));
      Job<Integer, Long> other = batcher.submit("b", times(1), List.of(5, 6, 7));
      work.leave.release(1000);
      List<Long> results = ended.await();
      assertEquals(4, results.size());
      assertEquals(LAST, results.get(1));
      assertNull(results.get(3));
      assertEquals(List.of(5L, 6L, 7L), other.await());
      assertEquals(0, batcher.waiting());
      assertEquals(List.of(8L), batcher.submit("a", times(1), List.of(8)).await());
    }
    assertFalse(work.batches.contains(List.of(4)), "it was computed: " + work.batches);
  }

  @Test
  void equalComputationsAreMergedAndOthersNever() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(1, 10_000, NONE, 1000)) {
      List<Job<Integer, Long>> jobs = new ArrayList<>();
      jobs.add(batcher.submit("x", times(1), List.of(0)));
      work.awaitBegun(1);
      for (int i = 1; i <= 20; i++) {
        jobs.add(batcher.submit("client" + i, times(1 + i % 2), List.of(i)));
      }
      work.leave.release(1000);
      for (int i = 0; i <= 20; i++) {
        assertEquals(List.of((long) i * (i == 0 ? 1 : 1 + i % 2)), jobs.get(i).await());
      }
      assertEquals(3, work.batches.size(), work.batches::toString);
      for (List<Integer> batch : work.batches) {
        assertEquals(1, batch.stream().map(i -> i % 2).distinct().count(), batch::toString);
      }
    }
  }

  @Test
  void aListAboveTheBudgetIsSplit() throws Exception {
    try (Batcher batcher = batcher(1, 50, NONE, 10)) {
      List<Integer> inputs = new ArrayList<>();
      for (int i = 0; i < 203; i++) {
        inputs.add(i);
      }
      List<Long> results = batcher.submit("x", times(2), inputs).await();
      assertEquals(inputs.stream().map(i -> 2L * i).toList(), results);
      for (List<Integer> batch : work.batches) {
        assertTrue(batch.size() <= 5, batch::toString);
      }
      assertEquals(inputs, work.batches.stream().flatMap(List::stream).toList());
    }
  }

  @Test
  void aClientWithOneInputDoesNotWaitForOneWithManyThousand() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(2, 100, NONE, 1_000_000)) {
      Job<Integer, Long> many = batcher.submit("many", times(1), Collections.nCopies(10_000, 7));
      work.awaitBegun(2);
      Job<Integer, Long> few = batcher.submit("few", times(2), List.of(21));
      int before = work.begun.get();
      while (!work.batches.contains(List.of(21))) {
        int begun = work.begun.get();
        work.leave.release();
        work.awaitBegun(begun + 1);
      }
      assertTrue(work.begun.get() - before <= 3, work.begun.get() - before + " batches later");
      work.leave.release(1_000_000);
      assertEquals(List.of(42L), few.await());
      assertEquals(10_000, many.await().size());
    }
  }

  @Test
  void longInputsLeaveAThreadToShortOnes() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(2, 512, NONE, 1000)) {
      Times lengthy = new Times(work, 3, 500);
      Job<Integer, Long> lengthyJob = batcher.submit("long", lengthy, List.of(1, 2, 3));
      work.awaitBegun(1);
      Job<Integer, Long> shortJob = batcher.submit("short", times(1), List.of(4));
      work.awaitBegun(2);
      assertEquals(Set.of(List.of(1), List.of(4)), new HashSet<>(work.batches));
      assertEquals(2, batcher.computing());
      work.leave.release(1000);
      assertEquals(List.of(4L), shortJob.await());
      assertEquals(List.of(3L, 6L, 9L), lengthyJob.await());
    }
  }

  @Test
  void whatIsCancelledIsNotComputed() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(1, 10, NONE, 1000)) {
      Job<Integer, Long> first = batcher.submit("a", times(1), List.of(1, 2, 3));
      work.awaitBegun(1);
      Job<Integer, Long> second = batcher.submit("b", times(1), List.of(4));
      first.cancel();
      assertEquals(1, batcher.waiting());
      assertThrows(CancellationException.class, first::await);
      work.leave.release(1000);
      assertEquals(List.of(4L), second.await());
      assertEquals(List.of(List.of(1), List.of(4)), List.copyOf(work.batches));
      second.cancel();
      assertEquals(List.of(4L), second.await(), "what is done stays done");
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "-2", "-3"})
  void anInputThatFailsFailsItsOwnJobOnly(int bad) throws Exception {
    work.hold();
    try (Batcher batcher = batcher(1, 10_000, NONE, 1000)) {
      Job<Integer, Long> before = batcher.submit("x", times(1), List.of(0));
      work.awaitBegun(1);
      List<Job<Integer, Long>> good = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        good.add(batcher.submit("good" + i, times(1), List.of(i, i)));
      }
      Job<Integer, Long> failing = batcher.submit("bad", times(1), List.of(7, bad, 8));
      work.leave.release(1000);
      before.await();
      ExecutionException e = assertThrows(ExecutionException.class, failing::await);
      assertSame(
          switch (bad) {
            case -1 -> IllegalArgumentException.class;
            case -2 -> OutOfMemoryError.class;
            default -> IllegalStateException.class;
          },
          e.getCause().getClass());
      for (int i = 0; i < 5; i++) {
        assertEquals(List.of((long) i, (long) i), good.get(i).await());
      }
      assertEquals(List.of(9L), batcher.submit("x", times(1), List.of(9)).await());
      for (int i = 0; i < 1000 && batcher.computing() > 0; i++) {
        Thread.sleep(5); // a result is there a moment before its thread is free
      }
      assertEquals(0, batcher.computing());
    }
  }

  @Test
  void aJobThatFailedIsNotComputedOn() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(1, 10, NONE, 1000)) {
      Job<Integer, Long> failing = batcher.submit("bad", times(1), List.of(-1, 2, 3, 4));
      work.awaitBegun(1);
      work.leave.release(1000);
      assertThrows(ExecutionException.class, failing::await);
      assertEquals(List.of(9L), batcher.submit("x", times(1), List.of(9)).await());
      assertEquals(List.of(List.of(-1), List.of(9)), List.copyOf(work.batches));
    }
  }

  @Test
  void aListenerThatFailsEndsNoThread() throws Exception {
    BatchListener bad =
        (inputs, tokens, nanos) -> {
          throw new OutOfMemoryError("of the listener");
        };
    try (Batcher batcher = new Batcher(new BatchSettings(1, 100, NONE, 1000), bad)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(List.of(9L), batcher.submit("x", times(1), List.of(9)).await());
      }
    }
  }

  @Test
  void theListenerHearsOfEveryBatch() throws Exception {
    ConcurrentLinkedQueue<List<Integer>> heard = new ConcurrentLinkedQueue<>();
    try (Batcher batcher =
        new Batcher(
            new BatchSettings(1, 20, NONE, 1000),
            (inputs, tokens, nanos) -> heard.add(List.of(inputs, tokens, nanos > 0 ? 1 : 0)))) {
      batcher.submit("x", times(1), List.of(1, 2, 3)).await();
    }
    assertEquals(List.of(List.of(2, 20, 1), List.of(1, 10, 1)), List.copyOf(heard));
  }

  @Test
  void theQueueIsBounded() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(1, 10, NONE, 5)) {
      Job<Integer, Long> computing = batcher.submit("a", times(1), List.of(1));
      work.awaitBegun(1);
      Job<Integer, Long> waiting = batcher.submit("b", times(1), List.of(2, 3, 4, 5));
      QueueFullException e =
          assertThrows(
              QueueFullException.class, () -> batcher.submit("c", times(1), List.of(6, 7)));
      assertTrue(e.getMessage().startsWith("4 inputs are waiting and 5 at most may"));
      assertTrue(e.retryAfter().toSeconds() >= 1 && e.retryAfter().toSeconds() <= 60);
      Job<Integer, Long> fits = batcher.submit("c", times(1), List.of(6));
      work.leave.release(1000);
      computing.await();
      waiting.await();
      assertEquals(List.of(6L), fits.await());
      // Nobody else waits: a list may be longer than the queue.
      assertEquals(9, batcher.submit("c", times(1), Collections.nCopies(9, 1)).await().size());
    }
  }

  @Test
  void closingComputesWhatWaits() throws Exception {
    work.hold();
    Batcher batcher = batcher(2, 10, NONE, 1000);
    List<Job<Integer, Long>> jobs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      jobs.add(batcher.submit("client" + i, times(1), List.of(i, i)));
    }
    work.awaitBegun(2);
    Thread closing = Thread.ofPlatform().start(batcher::close);
    for (int i = 0; i < 1000 && closing.getState() != Thread.State.WAITING; i++) {
      Thread.sleep(5);
    }
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> batcher.submit("x", times(1), List.of(1)));
    assertEquals("the server is stopping", e.getMessage());
    work.leave.release(1000);
    assertTrue(closing.join(Duration.ofSeconds(30)));
    for (int i = 0; i < 10; i++) {
      assertEquals(List.of((long) i, (long) i), jobs.get(i).await());
    }
    batcher.close();
  }

  @Test
  void anIdleBatcherDoesNotWait() throws Exception {
    try (Batcher batcher = batcher(2, 512, Duration.ofSeconds(1), 1000)) {
      batcher.submit("x", times(1), List.of(1)).await();
      for (int i = 0; i < 20; i++) {
        long begun = System.nanoTime();
        batcher.submit("x", times(1), List.of(1)).await();
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertTrue(took < 500, took + " ms");
      }
    }
  }

  @Test
  void aBusyBatcherLetsABatchGrow() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(2, 512, Duration.ofSeconds(1), 1000)) {
      Job<Integer, Long> other = batcher.submit("other", times(2), List.of(0));
      work.awaitBegun(1);
      List<Job<Integer, Long>> jobs = new ArrayList<>();
      for (int i = 1; i <= 7; i++) { // the seventh makes it worth while
        jobs.add(batcher.submit("client" + i, times(1), List.of(i)));
      }
      work.awaitBegun(2);
      assertEquals(7, List.copyOf(work.batches).get(1).size(), work.batches::toString);
      work.leave.release(1000);
      other.await();
      for (Job<Integer, Long> job : jobs) {
        assertEquals(1, job.await().size());
      }
    }
  }

  @Test
  void patienceEnds() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(2, 512, Duration.ofMillis(50), 1000)) {
      Job<Integer, Long> other = batcher.submit("other", times(2), List.of(0));
      work.awaitBegun(1);
      Job<Integer, Long> single = batcher.submit("x", times(1), List.of(1));
      work.awaitBegun(2); // while the other is computed still
      work.leave.release(1000);
      assertEquals(List.of(1L), single.await());
      assertEquals(List.of(0L), other.await());
    }
  }

  @Test
  void idleThreadsShareWhatWaits() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(2, 100_000, NONE, 1000)) {
      Job<Integer, Long> job = batcher.submit("x", times(1), Collections.nCopies(100, 1));
      work.awaitBegun(2);
      List<Integer> sizes = work.batches.stream().map(List::size).sorted().toList();
      assertEquals(List.of(50, 50), sizes);
      work.leave.release(1000);
      assertEquals(100, job.await().size());
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    for (int[] bad : new int[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
      assertThrows(
          IllegalArgumentException.class, () -> new BatchSettings(bad[0], bad[1], NONE, bad[2]));
    }
    for (Duration bad : List.of(Duration.ofMillis(-1), Duration.ofMillis(1001))) {
      assertThrows(IllegalArgumentException.class, () -> new BatchSettings(1, 1, bad, 1));
    }
  }

  @Test
  void waitingIsTimed() throws Exception {
    work.hold();
    try (Batcher batcher = batcher(1, 10, NONE, 1000)) {
      Job<Integer, Long> first = batcher.submit("a", times(1), List.of(1));
      work.awaitBegun(1);
      Job<Integer, Long> second = batcher.submit("b", times(1), List.of(2));
      Thread.sleep(30);
      work.leave.release(1000);
      first.await();
      second.await();
      assertTrue(second.queueNanos() >= 30_000_000, second.queueNanos() + " ns");
      long waited = second.queueNanos();
      Thread.sleep(2);
      assertEquals(waited, second.queueNanos());
    }
  }
}
