package dev.kumiko.server.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is computed when. */
class TurnsTest {
  private final Turns turns = new Turns();

  /** An input is what it costs. */
  private record Costs(String name) implements Computation<Integer, Integer> {
    @Override
    public List<Integer> compute(List<Integer> inputs) {
      return inputs;
    }

    @Override
    public int cost(Integer input) {
      return input;
    }
  }

  private Job<Integer, Integer> add(String client, String computation, Integer... costs) {
    Job<Integer, Integer> job =
        new Job<>(client, new Costs(computation), List.of(costs), turns::remove);
    turns.add(job);
    return job;
  }

  private Batch<?, ?> take(int most) {
    return turns.take(most, true).orElseThrow();
  }

  @Test
  void thereIsNothingToTakeFromNobody() {
    assertTrue(turns.take(100, true).isEmpty());
    assertEquals(0, turns.inputs());
    assertEquals(0, turns.cost());
  }

  @Test
  void equalComputationsAreTakenTogetherAndOthersAreNot() {
    add("a", "one", 10, 10);
    add("b", "two", 10);
    add("c", "one", 10);
    add("b", "one", 10);
    Batch<?, ?> first = take(1000);
    assertEquals(4, first.inputs());
    assertEquals(40, first.tokens());
    assertEquals(1, turns.inputs());
    Batch<?, ?> second = take(1000);
    assertEquals(1, second.inputs());
    assertEquals(0, turns.inputs());
    assertEquals(0, turns.cost());
    assertTrue(turns.take(1000, true).isEmpty());
  }

  @Test
  void theBudgetIsKept() {
    add("a", "one", Collections.nCopies(100, 7).toArray(Integer[]::new));
    int inputs = 0;
    while (turns.inputs() > 0) {
      Batch<?, ?> batch = take(50);
      assertTrue(batch.tokens() <= 50, batch.tokens() + " tokens");
      assertTrue(batch.inputs() == 7 || turns.inputs() == 0, batch.inputs() + " inputs");
      inputs += batch.inputs();
      assertEquals(100 - inputs, turns.inputs());
      assertEquals(7L * (100 - inputs), turns.cost());
    }
    assertEquals(100, inputs);
  }

  @Test
  void aBudgetOfOneComputesSingly() {
    add("a", "one", 3, 3);
    add("b", "one", 3);
    for (int i = 0; i < 3; i++) {
      assertEquals(1, take(1).inputs());
    }
  }

  @Test
  void aLongInputIsAlone() {
    add("a", "one", Batch.LONG + 1, 5, 5);
    add("b", "one", 5);
    boolean wasLong = false;
    while (turns.inputs() > 0) {
      Batch<?, ?> batch = take(10_000);
      if (batch.isLong()) {
        wasLong = true;
        assertEquals(1, batch.inputs());
      } else {
        assertTrue(batch.tokens() <= 15);
      }
    }
    assertTrue(wasLong);
  }

  @Test
  void aLongInputIsPassedOverWhereNoneMayBeTaken() {
    add("a", "one", 1000);
    add("b", "one", 5);
    Batch<?, ?> batch = turns.take(512, false).orElseThrow();
    assertEquals(5, batch.tokens());
    assertEquals(Optional.empty(), turns.take(512, false));
    assertTrue(take(512).isLong());
  }

  @Test
  void aClientWithOneInputWaitsForOneBatchAtMost() {
    add("many", "one", Collections.nCopies(10_000, 20).toArray(Integer[]::new));
    take(512);
    Job<Integer, Integer> single = add("few", "one", 20);
    Batch<?, ?> next = take(512);
    assertEquals(0, single.left());
    assertTrue(next.inputs() > 1, "the rest of the batch is the other's");
  }

  @Test
  void anotherComputationWaitsForItsTurnOnly() {
    add("many", "one", Collections.nCopies(10_000, 20).toArray(Integer[]::new));
    take(512);
    Job<Integer, Integer> single = add("few", "two", 20);
    take(512);
    take(512);
    assertEquals(0, single.left());
  }

  @Test
  void clientsShareBatchesByTokens() {
    Job<Integer, Integer> large =
        add("large", "one", Collections.nCopies(100, 64).toArray(Integer[]::new));
    Job<Integer, Integer> small =
        add("small", "one", Collections.nCopies(1000, 8).toArray(Integer[]::new));
    for (int i = 0; i < 8; i++) {
      take(512);
    }
    int largeTokens = 64 * (100 - large.left());
    int smallTokens = 8 * (1000 - small.left());
    assertEquals(1.0, (double) largeTokens / smallTokens, 0.15);
  }

  @Test
  void oneClientsRequestsTakeTurns() {
    Job<Integer, Integer> many =
        add("a", "one", Collections.nCopies(1000, 10).toArray(Integer[]::new));
    Job<Integer, Integer> few = add("a", "one", 10, 10);
    take(100);
    assertEquals(0, few.left());
    assertEquals(992, many.left());
  }

  @Test
  void whatIsRemovedIsNotTaken() {
    Job<Integer, Integer> gone = add("a", "one", 10, 10, 10);
    Job<Integer, Integer> other = add("b", "one", 10);
    Job<Integer, Integer> sibling = add("a", "one", 10);
    gone.cancel();
    gone.cancel();
    assertEquals(2, turns.inputs());
    assertEquals(20, turns.cost());
    assertEquals(2, take(1000).inputs());
    assertEquals(0, other.left());
    assertEquals(0, sibling.left());
    assertEquals(3, gone.left());
    other.cancel();
    assertEquals(0, turns.inputs());
  }

  @Test
  void aJobIsGivenInItsOrder() {
    List<Integer> costs = new ArrayList<>();
    for (int i = 1; i <= 60; i++) {
      costs.add(i);
    }
    add("a", "one", costs.toArray(Integer[]::new));
    List<Integer> taken = new ArrayList<>();
    while (turns.inputs() > 0) {
      Batch<?, ?> batch = take(64);
      assertFalse(batch.isLong());
      taken.add(batch.tokens());
    }
    assertEquals(60 * 61 / 2, taken.stream().mapToInt(Integer::intValue).sum());
    assertEquals(1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10, taken.getFirst());
  }
}
