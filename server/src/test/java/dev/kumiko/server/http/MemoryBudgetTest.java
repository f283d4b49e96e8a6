package dev.kumiko.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What requests may take together. */
class MemoryBudgetTest {
  private static final int MB = 1 << 20;

  private final MemoryBudget budget = new MemoryBudget(10 * MB);

  @Test
  void whatOneGivesBackOthersMayTake() throws ApiException {
    try (MemoryBudget.Share first = budget.share()) {
      first.take(6 * MB);
      try (MemoryBudget.Share second = budget.share()) {
        ApiException busy = assertThrows(ApiException.class, () -> second.take(5 * MB));
        assertEquals(Fault.BUSY, busy.fault());
        assertEquals(1, busy.retryAfter().orElseThrow().toSeconds());
      }
      try (MemoryBudget.Share second = budget.share()) {
        second.take(4 * MB);
      }
    }
    try (MemoryBudget.Share third = budget.share()) {
      third.take(10 * MB);
    }
  }

  @Test
  void smallRequestsAreLetThrough() throws ApiException {
    try (MemoryBudget.Share large = budget.share();
        MemoryBudget.Share small = budget.share()) {
      large.take(10 * MB);
      small.take(16 << 10);
      ApiException busy = assertThrows(ApiException.class, () -> small.take(1));
      assertEquals(Fault.BUSY, busy.fault());
    }
  }

  @Test
  void whatIsMoreThanThereIsIsNotToBeTriedAgain() throws ApiException {
    try (MemoryBudget.Share share = budget.share()) {
      share.take(9 * MB);
      ApiException large = assertThrows(ApiException.class, () -> share.take(2 * MB));
      assertEquals(Fault.LARGE_BODY, large.fault());
      assertTrue(large.retryAfter().isEmpty());
      assertEquals(
          "the request takes about 11 MB of memory, and there are 10 for all requests; send it in"
              + " parts, or give the server a larger heap: -Xmx",
          large.getMessage());
    }
  }
}
