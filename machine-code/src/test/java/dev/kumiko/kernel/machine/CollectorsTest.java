package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that move while kernels read and write them, with every collector. */
class CollectorsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"Serial", "Parallel", "G1", "Z", "Shenandoah"})
  void collectionsBetweenCallsChangeNothing(String collector) throws Exception {
    assumeTrue(Host.ask().missing().isEmpty(), Host.ask().missing());
    Child child =
        Child.run(
            folder,
            List.of(Child.GRANTED, "-XX:+Use" + collector + "GC", "-Xmx96m"),
            MovingArrays.class,
            "64");
    assertEquals(List.of("", "0"), child.out().subList(0, 2), "missing, wrong results");
    assertTrue(Long.parseLong(child.out().get(2)) >= 64, "calls: " + child.out());
    assertTrue(Long.parseLong(child.out().get(3)) >= 3, "collections: " + child.out());
  }
}
