package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a JVM was started, it gives the same vectors and says truly what computes them. */
class OtherJvmTest {
  @TempDir Path folder;
  private Path model;
  private int expected;

  @BeforeEach
  void embed() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    try (Embedder embedder = Embedder.load(model)) {
      expected = OtherJvm.hash(embedder);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:TieredStopAtLevel=1",
        "-XX:TieredStopAtLevel=2",
        "-XX:TieredStopAtLevel=3",
        "-XX:-UseFMA"
      })
  void plainJavaComputesAndSaysWhy(String setting) throws Exception {
    String backend = start(setting);
    assertTrue(backend.startsWith("scalar (") && backend.contains("(" + setting), backend);
  }

  @Test
  void vectorsAreComputedWithoutTheLoopsThatTheJvmWouldMakeVectorsOf() throws Exception {
    String backend = start("-XX:-UseSuperWord");
    assertTrue(backend.startsWith("vector ("), backend);
  }

  private String start(String setting) throws IOException, InterruptedException {
    List<String> options = List.of("--add-modules=jdk.incubator.vector", setting);
    List<String> lines =
        ChildJvm.run(folder, options, OtherJvm.class.getName(), model.toString()).out();
    assertEquals(List.of("" + expected, "" + expected), lines.subList(1, 3), lines.toString());
    return lines.getFirst();
  }
}
