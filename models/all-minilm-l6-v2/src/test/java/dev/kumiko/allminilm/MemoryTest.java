package dev.kumiko.allminilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the int8 model takes: as a file, and once loaded, either on the heap or mapped. */
class MemoryTest {
  @TempDir Path folder;

  private Path model() throws URISyntaxException {
    return Path.of(getClass().getResource("/META-INF/kumiko/default-model.safetensors").toURI());
  }

  @Test
  void theFileIsSmall() throws IOException, URISyntaxException {
    long size = Files.size(model());
    assertTrue(size <= 23_600_000, "the file has " + size + " bytes");
  }

  @Test
  void worksIn64MegabytesAndTakesLittleMoreThanTheFile()
      throws IOException, InterruptedException, URISyntaxException {
    Path log = folder.resolve("log.txt");
    Path out = folder.resolve("out.txt");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            // It counts objects; other collectors count their regions as a whole.
            "-XX:+UseSerialGC",
            "--add-modules=jdk.incubator.vector",
            "-Dkumiko.backend=" + System.getProperty("kumiko.backend"),
            "-cp",
            System.getProperty("java.class.path"),
            LoadedModel.class.getName(),
            model().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(log.toFile())
            .start();
    assertEquals(0, process.waitFor(), Files.readString(log, StandardCharsets.UTF_8));
    String[] bytes = Files.readString(out, StandardCharsets.UTF_8).trim().split(" ", -1);
    long heap = Long.parseLong(bytes[0]);
    long mapped = Long.parseLong(bytes[1]);
    long file = Files.size(model());
    assertIsAsInspectSays(heap, Long.parseLong(bytes[2]));
    System.out.printf("file %,d bytes, heap %,d, mapped %,d%n", file, heap, mapped);
    // The layers' weights, which are nearly half of the file, are on the heap.
    assertTrue(heap > file / 3, "heap " + heap);
    assertTrue(heap + mapped <= 1.3 * file, "heap " + heap + ", mapped " + mapped);
  }

  private static void assertNear(long measured, long said) {
    assertTrue(Math.abs(said - measured) <= measured / 10, said + " said, measured " + measured);
  }

  /** The formula of docs/tuning.md; what it leaves out are objects of some kilobytes each. */
  private void assertIsAsInspectSays(long heap, long place)
      throws IOException, InterruptedException, URISyntaxException {
    Json memory = facts(model());
    assertEquals(Files.size(model()), memory.get("mapped").asLong());
    assertNear(heap, memory.get("heap").asLong());
    // The vector kernels have scratch memory of their own, which plain Java does without.
    boolean vector = "vector".equals(System.getProperty("kumiko.backend"));
    long said = memory.get("heap_a_thread").asLong();
    assertTrue(place <= 1.1 * said, said + " said, measured " + place);
    assertTrue(place >= (vector ? 0.9 : 0.7) * said, said + " said, measured " + place);
  }

  /** What {@code kumiko inspect} says of a model's memory. */
  private Json facts(Path model) throws IOException, InterruptedException {
    Path facts = folder.resolve("facts.json");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.kumiko.tools.Main",
            "inspect",
            "--json",
            model.toString());
    Process process = new ProcessBuilder(command).redirectOutput(facts.toFile()).start();
    assertEquals(0, process.waitFor());
    return Json.parse("facts", Files.readString(facts)).get("memory");
  }

  @Test
  void theHeapOfTheFormulaIsEnoughForManyCallers()
      throws IOException, InterruptedException, URISyntaxException {
    assertIsEnough(model());
    assertIsEnough(Path.of(System.getProperty("kumiko.fp32")));
  }

  /** As docs/tuning.md says: what is loaded, a place for each thread, and 20 MB for garbage. */
  private void assertIsEnough(Path model) throws IOException, InterruptedException {
    Json memory = facts(model);
    long heap =
        memory.get("heap").asLong()
            + ManyCallers.THREADS * memory.get("heap_a_thread").asLong()
            + 20_000_000;
    Path out = folder.resolve("callers.txt");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heap / 1024 + "k",
            "-XX:+UseSerialGC",
            "--add-modules=jdk.incubator.vector",
            "-Dkumiko.backend=" + System.getProperty("kumiko.backend"),
            "-Dkumiko.warmup=off",
            "-cp",
            System.getProperty("java.class.path"),
            ManyCallers.class.getName(),
            model.toString());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    int code = process.waitFor();
    String printed = Files.readString(out, StandardCharsets.UTF_8);
    assertEquals(0, code, printed);
    int texts = ManyCallers.CALLERS * ManyCallers.TEXTS;
    assertTrue(printed.contains(texts + " texts"), printed);
  }
}
