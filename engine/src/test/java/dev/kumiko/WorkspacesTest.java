package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many workspaces there are, who gets one next, and how long one is kept. */
@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck") // Yielding makes others come in between, no more.
class WorkspacesTest {
  private static final Architecture SIZES =
      new Architecture("bert", 1, 384, 12, 1536, Activation.GELU, 1e-12, 10, 512, 2);
  private static final Duration LONG = Duration.ofHours(1);

  private final Workspaces two = new Workspaces(SIZES, 2, LONG);

  private static Workspaces.Lease borrow(Workspaces from, int rows) {
    return from.guest(Thread.currentThread()).borrow(rows);
  }

  private static void giveBack(Workspaces.Lease lease) {
    lease.complete();
    lease.close();
  }

  /** Starts a thread and waits until it is in the queue. */
  private static Thread waiter(Workspaces at, Runnable task) throws InterruptedException {
    int before = at.waiting();
    Thread thread = Thread.ofVirtual().start(task);
    while (at.waiting() <= before) {
      Thread.sleep(1);
    }
    return thread;
  }

  @Test
  void noMoreAreLentAtATimeHoweverManyThreadsAsk() throws Exception {
    AtomicInteger lent = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    Workspaces.Lease lease = borrow(two, 16);
                    most.accumulateAndGet(lent.incrementAndGet(), Math::max);
                    Thread.yield();
                    lent.decrementAndGet();
                    giveBack(lease);
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(most.get() <= 2, "lent at a time: " + most);
    assertEquals(0, two.lent());
    assertTrue(two.kept() <= 2, "kept: " + two.kept());
  }

  @Test
  void whoComesFirstIsServedFirst() throws Exception {
    Workspaces one = new Workspaces(SIZES, 1, LONG);
    Workspaces.Lease lease = borrow(one, 16);
    List<Integer> order = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      threads.add(
          waiter(
              one,
              () -> {
                Workspaces.Lease own = borrow(one, 16);
                order.add(number);
                giveBack(own);
              }));
    }
    giveBack(lease);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(IntStream.range(0, 20).boxed().toList(), order);
  }

  @Test
  void thoseForManyRowsAreNotOvertaken() throws Exception {
    List<Workspaces.Lease> all = takeAllInAnotherThread(two);
    List<String> order = new CopyOnWriteArrayList<>();
    Thread large = waiter(two, () -> borrowBriefly(2 * Workspaces.ROWS, order, "large"));
    Thread small = waiter(two, () -> borrowBriefly(16, order, "small"));
    all.get(0).close();
    Thread.sleep(100);
    assertEquals(List.of(), order, "one place is free, but the first in the queue needs two");
    all.get(1).close();
    large.join();
    small.join();
    assertEquals(List.of("large", "small"), order);
  }

  private void borrowBriefly(int rows, List<String> order, String name) {
    Workspaces.Lease lease = borrow(two, rows);
    order.add(name);
    giveBack(lease);
  }

  private static List<Workspaces.Lease> takeAllInAnotherThread(Workspaces from) throws Exception {
    FutureTask<List<Workspaces.Lease>> task =
        new FutureTask<>(
            () -> {
              Workspaces.Lease first = borrow(from, 16);
              return List.of(first, borrow(from, 16));
            });
    Thread.ofPlatform().start(task).join();
    return task.get();
  }

  @Test
  void waitersAreRefusedUnlessTheirCallHasBegun() throws Exception {
    Workspaces one = new Workspaces(SIZES, 1, LONG);
    Workspaces.Lease lease = borrow(one, 16);
    List<String> ends = new CopyOnWriteArrayList<>();
    CountDownLatch again = new CountDownLatch(1);
    Thread begun =
        waiter(
            one,
            () -> {
              Workspaces.Guest guest = one.guest(Thread.currentThread());
              giveBack(guest.borrow(16));
              awaitQuietly(again);
              giveBack(guest.borrow(16));
              ends.add("served");
            });
    giveBack(lease);
    while (one.waiting() + one.lent() > 0) {
      Thread.sleep(1);
    }
    lease = borrow(one, 16);
    Thread fresh =
        waiter(
            one,
            () ->
                ends.add(
                    assertThrows(IllegalStateException.class, () -> borrow(one, 16)).getMessage()));
    again.countDown();
    while (one.waiting() < 2) {
      Thread.sleep(1);
    }
    one.refuseWaiting("closed");
    fresh.join();
    assertEquals(List.of("closed"), ends);
    giveBack(lease);
    begun.join();
    assertEquals(List.of("closed", "served"), ends);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptedCallerLeavesTheQueue() throws Exception {
    List<Workspaces.Lease> all = takeAllInAnotherThread(two);
    List<Boolean> interrupted = new CopyOnWriteArrayList<>();
    Thread caller =
        waiter(
            two,
            () -> {
              assertThrows(CancellationException.class, () -> borrow(two, 16));
              interrupted.add(Thread.currentThread().isInterrupted());
            });
    AtomicInteger served = new AtomicInteger();
    Thread next =
        waiter(
            two,
            () -> {
              giveBack(borrow(two, 16));
              served.incrementAndGet();
            });
    caller.interrupt();
    caller.join();
    assertEquals(List.of(true), interrupted, "the thread stays interrupted");
    assertEquals(1, two.waiting());
    all.get(0).close();
    next.join();
    assertEquals(1, served.get());
    all.get(1).close();
  }

  @Test
  void aHelperHeedsItsCallersInterruptAndNotItsOwn() throws Exception {
    List<Workspaces.Lease> all = takeAllInAnotherThread(two);
    CountDownLatch forever = new CountDownLatch(1);
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                    Thread.yield();
                  }
                  while (forever.getCount() > 0) {
                    Thread.yield();
                  }
                });
    List<String> ends = new CopyOnWriteArrayList<>();
    Thread helper =
        waiter(
            two,
            () -> {
              assertThrows(CancellationException.class, () -> two.guest(caller).borrow(16));
              ends.add("interrupted: " + Thread.currentThread().isInterrupted());
            });
    helper.interrupt();
    Thread.sleep(100);
    assertEquals(1, two.waiting(), "its own interrupt does not end the call");
    caller.interrupt();
    helper.join();
    assertEquals(List.of("interrupted: true"), ends);
    forever.countDown();
    all.forEach(Workspaces.Lease::close);
  }

  @Test
  void manyRowsCountAsSeveral() throws Exception {
    Workspaces.Lease large = borrow(two, 2 * Workspaces.ROWS);
    Thread next = waiter(two, () -> giveBack(borrow(two, 16)));
    giveBack(large);
    next.join();
    assertEquals(0, two.lent());
  }

  @Test
  void oneThatHasGrownFarBeyondItsUseIsLetGo() {
    Workspaces.Lease lease = borrow(two, 16);
    Workspace small = lease.workspace();
    giveBack(lease);
    lease = borrow(two, 16);
    assertSame(small, lease.workspace(), "a small one is used again");
    lease.close();
    assertEquals(0, two.kept(), "what an error left is not lent again");
    assertTrue(Workspaces.worthKeeping(Workspaces.ROWS, 1));
    assertTrue(Workspaces.worthKeeping(8192, 8192));
    assertFalse(Workspaces.worthKeeping(8192, 100), "one long text does not set the size");
  }

  @Test
  void whatIsNotUsedIsGivenBackToTheHeap() throws Exception {
    Workspaces brief = new Workspaces(SIZES, 4, Duration.ofMillis(30));
    List<Workspaces.Lease> leases = takeAllInAnotherThread(brief);
    leases.forEach(WorkspacesTest::giveBack);
    assertEquals(2, brief.kept());
    while (brief.kept() > 0) {
      Thread.sleep(5);
    }
    assertEquals(0, brief.waiting());
  }

  @Test
  void theirNumberFollowsThreadsAndHeap() {
    long each = Workspace.bytes(SIZES, Workspaces.ROWS);
    assertEquals(4L * (512 * 9 * 384 + 256 * 1536), each);
    int processors = Runtime.getRuntime().availableProcessors();
    assertEquals(processors + 2, Workspaces.most(SIZES, 1, 1L << 40), "one thread a call");
    assertEquals(642, Workspaces.most(SIZES, 640, 1L << 40));
    assertEquals(3, Workspaces.most(SIZES, 640, 3 * 4 * each), "a quarter of the heap");
    assertEquals(1, Workspaces.most(SIZES, 640, 1 << 20), "one there must be");
  }
}
