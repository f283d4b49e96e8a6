package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A valid file, damaged at random, is read or refused with a message, and nothing else. */
class MutationTest {
  private static final byte[] VALID = valid();

  /** Digits, brackets and the like, so that the damage often remains JSON. */
  private static final byte[] TELLING =
      "0123456789-.eE[]{}:,\" \\u".getBytes(StandardCharsets.US_ASCII);

  private static byte[] valid() {
    try {
      Path path = Files.createTempFile("mutation", ".safetensors");
      new ModelWriter(path)
          .metadata(Descriptions.description().toMetadata())
          .floats("a", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
          .ints("b", new int[] {7}, 1)
          .bytes("c", DType.U8, new byte[] {1, 2, 3}, 3)
          .write();
      byte[] bytes = Files.readAllBytes(path);
      Files.delete(path);
      return bytes;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Property(tries = 20_000)
  void damagedBytes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int changes)
      throws IOException {
    byte[] bytes = VALID.clone();
    Random random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          random.nextBoolean()
              ? TELLING[random.nextInt(TELLING.length)]
              : (byte) (bytes[at] ^ (1 << random.nextInt(8)));
    }
    readOrRefuse(bytes);
  }

  @Property(tries = 5_000)
  void damagedNumbers(@ForAll long seed, @ForAll long number) throws IOException {
    String text = new String(VALID, StandardCharsets.ISO_8859_1);
    int at = 8 + new Random(seed).nextInt(text.length() - 40);
    String damaged = text.substring(0, at) + text.substring(at).replaceFirst("[0-9]+", "" + number);
    byte[] bytes = damaged.getBytes(StandardCharsets.ISO_8859_1);
    bytes[0] = (byte) (VALID[0] + bytes.length - VALID.length);
    readOrRefuse(bytes);
  }

  @Property(tries = 2_000)
  void truncated(@ForAll long seed) throws IOException {
    int length = new Random(seed).nextInt(VALID.length);
    assertFalse(readOrRefuse(Arrays.copyOf(VALID, length)), () -> "accepted " + length + " bytes");
  }

  private static boolean readOrRefuse(byte[] bytes) throws IOException {
    try (ModelFile file = ModelFile.read(new ByteArrayInputStream(bytes), "damaged")) {
      for (Tensor tensor : file.tensors().values()) {
        assertEquals(tensor.elements() * tensor.type().bytes(), tensor.data().byteSize());
      }
      ModelDescription description = ModelDescription.of(file);
      assertTrue(description.maxTokens() <= description.architecture().positions());
      return true;
    } catch (ModelFormatException e) {
      assertTrue(e.getMessage().startsWith("damaged: "), e.getMessage());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      return false;
    }
  }
}
