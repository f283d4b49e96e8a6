package dev.kumiko.search;

import dev.kumiko.kernel.ChangingLinear;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.parallel.Workers;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * All products of two sets of vectors, a block at a time: some vectors of one set are packed as the
 * weights of a linear layer, through which the others pass as its rows. Memory does not depend on
 * how many vectors there are.
 */
final class Products {
  /** So many rows stay in the second-level cache while a block's weights pass over them. */
  private static final int ROWS = 256;

  private static final int FEWEST_COLUMNS = 64;
  private static final int MOST_COLUMNS = 1024;

  /** Weights of a block: about as much as its scores. */
  private static final int BLOCK = 1 << 18;

  /** Threads that are done early have something to take over. */
  private static final int TASKS_PER_THREAD = 4;

  private final Workers workers;
  private final Kernels kernels;
  private final DoubleConsumer progress;

  /** Takes scores; each thread has one of its own. */
  @FunctionalInterface
  interface Tile {
    /**
     * Takes the scores of consecutive rows and columns.
     *
     * @param scores {@code [rows][stride]}
     * @param columns how many of each row's scores count
     */
    void take(float[] scores, int stride, int firstRow, int rows, int firstColumn, int columns);
  }

  /**
   * Prepares to multiply.
   *
   * @param progress told on the calling thread which part is done
   */
  Products(Workers workers, Kernels kernels, DoubleConsumer progress) {
    this.workers = workers;
    this.kernels = kernels;
    this.progress = progress;
  }

  /** Runs a task for each number below {@code tasks}, on all threads; each has one of its own. */
  void forEach(int tasks, Supplier<IntConsumer> task) {
    AtomicInteger next = new AtomicInteger();
    Thread caller = Thread.currentThread();
    workers.run(
        () -> {
          try {
            IntConsumer own = task.get();
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
              requireGoingOn(caller);
              own.accept(i);
            }
          } finally {
            next.set(tasks);
          }
        },
        Math.min(tasks, workers.threads()) - 1);
  }

  private static void requireGoingOn(Thread caller) {
    if (Thread.currentThread().equals(caller) && caller.isInterrupted()) {
      throw new CancellationException("the search was interrupted");
    }
  }

  /** Measures both sets; they may be the same. */
  void prepare(Rows columns, Rows rows) {
    forEach(columns.parts(), () -> columns::prepare);
    if (!columns.equals(rows)) {
      forEach(rows.parts(), () -> rows::prepare);
    }
  }

  /**
   * Multiplies.
   *
   * @param columns the set that is packed; where the sets differ in size the smaller one
   * @param above whether rows are left out that do not stand before a block's last column
   */
  void run(Rows columns, Rows rows, boolean above, Supplier<Tile> tile) {
    int width = width(columns);
    int blocks = Math.ceilDiv(columns.count(), width);
    int steps = Math.ceilDiv(rows.count(), ROWS);
    int wanted = Math.ceilDiv(TASKS_PER_THREAD * workers.threads(), Math.max(1, blocks));
    int spans = Math.clamp(wanted, 1, Math.max(1, steps));
    AtomicLong done = new AtomicLong();
    Thread caller = Thread.currentThread();
    forEach(
        Math.multiplyExact(blocks, spans),
        () -> {
          Multiplication own = new Multiplication(columns, rows, width, tile.get());
          return task -> {
            int block = task / spans;
            int span = task % spans;
            int end = (int) ((span + 1L) * steps / spans);
            int last = Math.min(columns.count(), (block + 1) * width) - 1;
            for (int step = (int) ((long) span * steps / spans); step < end; step++) {
              requireGoingOn(caller);
              if (!above || step * ROWS < last) {
                own.multiply(block, step * ROWS);
              }
              long count = done.incrementAndGet();
              if (Thread.currentThread().equals(caller)) {
                progress.accept((double) count / ((long) blocks * steps));
              }
            }
          };
        });
  }

  private static int width(Rows columns) {
    int fitting = BLOCK / columns.dimension() / FEWEST_COLUMNS * FEWEST_COLUMNS;
    return Math.min(Math.clamp(fitting, FEWEST_COLUMNS, MOST_COLUMNS), columns.count());
  }

  /** One thread's share. */
  private final class Multiplication {
    private final Rows columns;
    private final Rows rows;
    private final int width;
    private final Tile tile;
    private final Scratch scratch = new Scratch();
    private final float[] input;
    private final float[] scores;
    private final float[] unpacked;
    private ChangingLinear packed;
    private int packedBlock = -1;

    Multiplication(Rows columns, Rows rows, int width, Tile tile) {
      this.columns = columns;
      this.rows = rows;
      this.width = width;
      this.tile = tile;
      int dimension = columns.dimension();
      this.input = new float[Math.min(ROWS, rows.count()) * dimension];
      this.unpacked = new float[Math.multiplyExact(width, dimension)];
      this.scores = new float[ROWS * width];
      this.packed = kernels.changing(width, dimension);
    }

    void multiply(int block, int firstRow) {
      int firstColumn = block * width;
      int outputs = Math.min(width, columns.count() - firstColumn);
      if (block != packedBlock) {
        pack(firstColumn, outputs);
        packedBlock = block;
      }
      int count = Math.min(ROWS, rows.count() - firstRow);
      rows.read(firstRow, count, input);
      packed.apply(input, 0, count, scores, 0, scratch);
      tile.take(scores, outputs, firstRow, count, firstColumn, outputs);
    }

    private void pack(int first, int outputs) {
      if (packed.outputs() != outputs) {
        packed = kernels.changing(outputs, columns.dimension());
      }
      columns.read(first, outputs, unpacked);
      packed.setOutputs(0, outputs, unpacked, 0);
    }
  }
}
