package dev.kumiko.kernel.vector;

import dev.kumiko.format.Activation;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.HalfType;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.OptimisingCompiler;
import dev.kumiko.kernel.Queries;
import dev.kumiko.kernel.Scratch;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Whether the JIT has compiled the vector kernels. Before that every vector is an object, and they
 * are hundreds of times slower than plain Java: the first texts of a process go through the plain
 * twins. Once there has been more to do than a process of one short text has, a daemon thread runs
 * the vector kernels on made-up data until they are fast. On a JVM that does not make them fast,
 * plain Java stays, and they are tried again after much more work: a container may have been short
 * of time. Where the JVM's settings say that it never will, nothing is tried. Both give the same
 * vectors to the last bit.
 */
final class WarmUp {
  private static final String PROPERTY = "kumiko.warmup";

  /** Takes compiled code some ten microseconds, and interpreted code a hundred times as long. */
  private static final long FAST_NANOS = 200_000;

  private static final long LONGEST_NANOS = 30_000_000_000L;

  /** Rounds that must be fast: one alone may have met the kernels before a recompilation. */
  private static final int FAST_ROUNDS = 20;

  /** Small: what makes the JIT compile is the number of calls, and each one is slow before. */
  private static final int SIZE = 32;

  /** Multiplications after which compiling pays: about 50 tokens of a model like MiniLM. */
  private static final long WORTHWHILE = 500_000_000;

  /** So many times as much work has to be done before the next try, and after each that again. */
  private static final long PATIENCE = 8;

  private static final System.Logger LOG = System.getLogger("dev.kumiko");

  private volatile boolean done;
  private volatile String state;

  /** When the thread was started that is running; 0 if none is. */
  private volatile long started;

  /** Multiplications until the thread starts; negative while it runs, and when none is wanted. */
  private long remaining;

  /** Multiplications that the next try waits for. */
  private long next = WORTHWHILE;

  private boolean inVain;

  /** Whether nothing is ever waited for. */
  private final boolean isOver;

  /** The types of 16 bits that some layer has; others are not compiled for. */
  private final Set<HalfType> halves = EnumSet.noneOf(HalfType.class);

  private WarmUp(boolean done, long remaining, String state) {
    this.done = done;
    this.isOver = done;
    this.remaining = remaining;
    this.state = state;
  }

  /** Returns a warm-up that will start by itself, or is over with {@code -Dkumiko.warmup=off}. */
  static WarmUp whenWorthwhile() {
    return System.getProperty(PROPERTY, "").equals("off")
        ? over()
        : new WarmUp(false, WORTHWHILE, "are compiled once there has been more to do");
  }

  /** Returns a warm-up that is over: the vector kernels run at once. */
  static WarmUp over() {
    return new WarmUp(true, -1, "");
  }

  /** Returns a warm-up that never ends: the plain twins run. */
  static WarmUp never() {
    return new WarmUp(false, -1, "are never compiled");
  }

  boolean isDone() {
    return done;
  }

  /** Returns what keeps the vector kernels from running, as the end of a sentence about them. */
  String state() {
    if (!done && isInVain()) {
      return state;
    }
    long start = started;
    return start == 0
        ? state
        : "are being compiled, for %.0f s so far".formatted((System.nanoTime() - start) / 1e9);
  }

  /** Whether the JVM's settings say that it makes no vector code; then that is the end. */
  private synchronized boolean isInVain() {
    String reason = OptimisingCompiler.switchedOff();
    if (reason.isEmpty()) {
      return false;
    }
    if (!inVain) {
      inVain = true;
      giveUp("are never compiled: " + reason, -1);
    }
    return true;
  }

  /**
   * Makes the kernels for weights of 16 bits be compiled too. If the others are already, all wait
   * for them in plain Java.
   */
  synchronized void include(HalfType type) {
    if (halves.add(type) && done && !isOver) {
      done = false;
      remaining = 0;
      state = "are compiled for " + type + " once there is something to do";
    }
  }

  private synchronized Set<HalfType> halves() {
    return EnumSet.copyOf(halves);
  }

  /** Ends the warm-up unless other types have come in the meantime. */
  private synchronized boolean ends(Set<HalfType> compiled) {
    if (!halves.equals(compiled)) {
      return false;
    }
    done = true;
    started = 0;
    state = "";
    return true;
  }

  /** Counts work that plain Java does, and starts the thread when there has been enough. */
  synchronized void count(long multiplications) {
    if (remaining >= 0) {
      remaining -= multiplications;
      if (remaining < 0) {
        start();
      }
    }
  }

  private void start() {
    Thread thread = new Thread(() -> run(LONGEST_NANOS), "kumiko-warm-up");
    thread.setDaemon(true);
    started = System.nanoTime();
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      tryAgainLater("get no thread to be compiled by");
    }
  }

  /** Runs until the kernels are fast, or for so long. */
  void run(long longestNanos) {
    try {
      if (isInVain()) {
        return;
      }
      Set<HalfType> types;
      do {
        types = halves();
        if (!becomesFast(types, longestNanos)) {
          tryAgainLater("were not fast after %.0f s".formatted(longestNanos / 1e9));
          return;
        }
      } while (!ends(types));
    } catch (RuntimeException | Error e) {
      tryAgainLater("failed: " + e);
    }
  }

  private static boolean becomesFast(Set<HalfType> types, long longestNanos) {
    Round round = new Round(new VectorKernels(over()), types);
    long start = System.nanoTime();
    int fast = 0;
    while (fast < FAST_ROUNDS) {
      long before = System.nanoTime();
      round.run();
      long after = System.nanoTime();
      fast = after - before < FAST_NANOS ? fast + 1 : 0;
      if (after - start > longestNanos) {
        return false;
      }
    }
    return true;
  }

  private synchronized void tryAgainLater(String what) {
    next = Math.min(next, Long.MAX_VALUE / PATIENCE) * PATIENCE;
    giveUp(what + "; they are tried again later", next);
  }

  private synchronized void giveUp(String what, long tryAfter) {
    remaining = tryAfter;
    started = 0;
    state = what;
    LOG.log(
        Level.WARNING, "Kumiko computes with its plain-Java kernels: the vector kernels {0}", what);
  }

  /** Each kernel once, and each tile. */
  private static final class Round {
    private static final int ROWS = 15;
    private static final int FEWER_ROWS = 12;

    /** So many that 16-bit weights are widened once. */
    private static final int MANY_ROWS = VectorHalfLinear.FEW_ROWS + 1;

    private final VectorKernels kernels;
    private final Scratch scratch = new Scratch();
    private final Linear linear;
    private final List<Linear> halves = new ArrayList<>();
    private final Linear int8;
    private final Linear integer;
    private final LayerNorm norm = new LayerNorm(new float[SIZE], new float[SIZE], 1e-5f);
    private final Heads heads = Heads.plain(2, SIZE / 2);
    private final float[] x = new float[ROWS * SIZE];
    private final float[] y = new float[ROWS * SIZE];
    private final float[] manyRows = new float[MANY_ROWS * SIZE];
    private final float[] manyResults = new float[MANY_ROWS * SIZE];
    private final float[] qkv = new float[ROWS * 3 * SIZE];

    Round(VectorKernels kernels, Set<HalfType> types) {
      this.kernels = kernels;
      float[] bias = new float[SIZE];
      this.linear = kernels.linear(new float[SIZE * SIZE], bias, SIZE, SIZE);
      for (HalfType type : types) {
        halves.add(kernels.half(type, SIZE, SIZE));
      }
      this.int8 = kernels.linear(new byte[SIZE * SIZE], new float[SIZE], bias, SIZE, SIZE);
      Int8Input input = new Int8Input(SIZE, Byte.MAX_VALUE, new float[SIZE]);
      this.integer = kernels.linear(new byte[SIZE * SIZE], new float[SIZE], bias, SIZE, input);
    }

    void run() {
      // Tiles of each height.
      for (int rows = FloatTile.LOWEST; rows <= RowTiles.HIGHEST; rows++) {
        linear.apply(x, 0, rows, y, 0, scratch);
        for (Linear half : halves) {
          half.apply(x, 0, rows, y, 0, scratch);
        }
        kernels.attend(qkv, new Queries(0, ROWS, 0, rows, 0), heads, Distances.ANY, y, scratch);
      }
      for (Linear half : halves) {
        half.apply(manyRows, 0, MANY_ROWS, manyResults, 0, scratch);
      }
      int8.apply(x, 0, FEWER_ROWS, y, 0, scratch);
      integer.apply(x, 0, FEWER_ROWS, y, 0, scratch);
      for (Activation activation : Activation.values()) {
        kernels.activate(activation, y, 0, y.length);
      }
      kernels.addAndNormalize(y, x, 0, ROWS, norm);
      kernels.attend(qkv, Queries.all(0, ROWS), heads, Distances.ANY, y, scratch);
    }
  }
}
