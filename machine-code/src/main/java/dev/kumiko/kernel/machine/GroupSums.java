package dev.kumiko.kernel.machine;

import java.util.Optional;

/**
 * The largest sums that weights of one sign have in a layer, from which follows how it may be
 * computed.
 *
 * @param group of what one lane of 16 bits adds up
 * @param row of all weights of an output
 */
record GroupSums(int group, long row) {
  /** All integers up to it are floats, too, so that plain Java gives the same sums. */
  private static final long LARGEST_SUM = 1 << 24;

  /** For larger groups a layer's inputs may have a few values less, one in a hundred. */
  private static final int LOST_VALUES = 2;

  /**
   * How a layer is computed.
   *
   * @param group products that are added in 16 bits
   * @param top the largest value of a quantised input
   */
  record Plan(int group, int top) {}

  /**
   * Returns how weights may be computed: in the largest groups that cost almost no values.
   *
   * @param weight {@code [outputs][inputs]}
   */
  static Optional<Plan> plan(Level level, byte[] weight, int outputs, int inputs) {
    for (int group : level.groups()) {
      GroupSums sums = of(weight, outputs, inputs, group);
      int top = level.isBounded() ? Short.MAX_VALUE / Math.max(1, sums.group) : Integer.MAX_VALUE;
      if (top >= level.top() - LOST_VALUES) {
        Plan plan = new Plan(group, Math.min(top, level.top()));
        return sums.row * plan.top <= LARGEST_SUM ? Optional.of(plan) : Optional.empty();
      }
    }
    throw new IllegalStateException("groups of two always fit");
  }

  /** Adds up; a lane takes two of every four inputs. */
  static GroupSums of(byte[] weight, int outputs, int inputs, int group) {
    int largest = 0;
    long largestRow = 0;
    for (int out = 0; out < outputs; out++) {
      long sum = 0;
      long positive = 0;
      int end = (out + 1) * inputs;
      for (int from = out * inputs; from < end; from += 2 * group) {
        int groupEnd = Math.min(from + 2 * group, end);
        for (int lane = 0; lane < PanelLayout.STEP; lane += 2) {
          long both = lane(weight, from + lane, groupEnd);
          int laneSum = (int) both;
          int lanePositive = (int) (both >> Integer.SIZE);
          largest = Math.max(largest, Math.max(lanePositive, lanePositive - laneSum));
          sum += laneSum;
          positive += lanePositive;
        }
      }
      largestRow = Math.max(largestRow, Math.max(positive, positive - sum));
    }
    return new GroupSums(largest, largestRow);
  }

  /** Returns the sum of a lane's weights, and that of its positive ones in the upper half. */
  private static long lane(byte[] weight, int from, int end) {
    int sum = 0;
    int positive = 0;
    int i = from;
    for (; i + 1 < end; i += PanelLayout.STEP) {
      int a = weight[i];
      int b = weight[i + 1];
      sum += a + b;
      positive += (a & ~(a >> 31)) + (b & ~(b >> 31));
    }
    if (i < end) {
      sum += weight[i];
      positive += Math.max(weight[i], 0);
    }
    return (long) positive << Integer.SIZE | Integer.toUnsignedLong(sum);
  }
}
