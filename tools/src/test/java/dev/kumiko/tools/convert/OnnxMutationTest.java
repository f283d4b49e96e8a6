package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A damaged file is converted or refused with a message, whatever the damage. */
class OnnxMutationTest {
  private static Path folder;
  private static byte[] whole;

  @BeforeContainer
  static void copy() throws IOException {
    folder = TestModels.copy("tiny-bert", Files.createTempDirectory("kumiko-test-"));
    whole = Files.readAllBytes(folder.resolve("tiny-bert.onnx"));
  }

  @AfterContainer
  static void delete() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Found once: the graph names an output that no node computes. */
  @Example
  void anOutputOfNoNodeEndsInAMessage() throws IOException {
    endsInSuccessOrAMessage(-4314476923954011411L);
  }

  @Property(tries = 400)
  void endsInSuccessOrAMessage(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] damaged = whole.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    Path model = Files.write(folder.resolve("damaged.onnx"), damaged);
    Path target = folder.resolve("damaged.safetensors");
    Files.deleteIfExists(target);
    try {
      Converter.convert(model, target, TestModels.STATED, line -> {});
    } catch (IOException refusal) {
      assertNotNull(refusal.getMessage());
      assertFalse(Files.exists(target));
    }
  }
}
