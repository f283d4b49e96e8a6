package dev.kumiko.kernel.machine;

import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.ScalarKernels;
import dev.kumiko.kernel.Scratch;
import java.lang.foreign.Arena;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Many threads compute on arrays that the collector moves all the time. */
final class MovingArrays {
  private static final int ROWS = 37;
  private static final long NANOS = 1_500_000_000L;

  private MovingArrays() {}

  public static void main(String[] arguments) throws InterruptedException {
    MachineCode code = MachineCode.of(Host.ask().level());
    code.load();
    Kernels below = new ScalarKernels();
    Layer layer = Layer.random(code.level(), 130, 384, 16, 1, Arena.global());
    float[] x = Layer.normal(new Random(1), ROWS * 384);
    float[] expected = layer.plain(x, ROWS);
    Linear linear = new MachineLinear(code, layer.packed, below);
    AtomicLong calls = new AtomicLong();
    AtomicLong wrong = new AtomicLong();
    long end = System.nanoTime() + NANOS;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    float[][] kept = new float[8][];
                    for (int n = 0; System.nanoTime() < end; n++) {
                      float[] y = new float[ROWS * 130];
                      linear.apply(x.clone(), 0, ROWS, y, 0, new Scratch());
                      kept[n % kept.length] = y;
                      // The one that has lain and moved longest.
                      float[] old = kept[(n + 1) % kept.length];
                      if (!Arrays.equals(expected, y)
                          || (old != null && !Arrays.equals(expected, old))) {
                        wrong.incrementAndGet();
                      }
                      calls.incrementAndGet();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long collections = 0;
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      collections += bean.getCollectionCount();
    }
    System.out.println(code.missing());
    System.out.println(wrong);
    System.out.println(calls);
    System.out.println(collections);
  }
}
