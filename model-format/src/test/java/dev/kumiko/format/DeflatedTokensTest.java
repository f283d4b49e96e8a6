package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeflatedTokensTest {
  private static final String NAME = "vocabulary";

  @TempDir private Path folder;

  @Test
  void manyTokensOfAllLengthsComeBack() throws IOException {
    Random random = new Random(3);
    int[] offsets = new int[200_001];
    byte[] bytes = new byte[20 * offsets.length];
    for (int id = 0; id < offsets.length - 1; id++) {
      int length = random.nextInt(20);
      for (int i = offsets[id]; i < offsets[id] + length; i++) {
        bytes[i] = (byte) ('a' + random.nextInt(26));
      }
      offsets[id + 1] = offsets[id] + length;
    }
    byte[] all = Arrays.copyOf(bytes, offsets[offsets.length - 1]);
    byte[] stream = new DeflatedTokens(all, offsets).deflate();
    DeflatedTokens read = inflate(stream, offsets.length - 1);
    assertArrayEquals(offsets, read.offsets());
    assertArrayEquals(all, read.bytes());
    assertTrue(
        refusal(stream, 199_999).contains("has 200000 tokens, but the token table 199999 rows"));
  }

  @Test
  void noTokensAreAnEmptyStream() throws IOException {
    DeflatedTokens read = inflate(new DeflatedTokens(new byte[0], new int[1]).deflate(), 0);
    assertArrayEquals(new int[1], read.offsets());
    assertEquals(0, read.bytes().length);
  }

  @Test
  void aDamagedStreamIsRefused() throws IOException {
    byte[] stream = deflated(new byte[] {'a', -1, 'b', -1});
    assertTrue(refusal(Arrays.copyOf(stream, stream.length - 5), 2).contains("is cut off after"));
    assertTrue(
        refusal(Arrays.copyOf(stream, stream.length + 3), 2)
            .contains("its zlib stream ends after"));
    assertTrue(refusal(new byte[] {1, 2, 3, 4}, 2).contains("is no zlib stream"));
    assertTrue(refusal(deflated(new byte[] {'a', -1, 'b'}), 2).contains("does not end with"));
    assertTrue(refusal(stream, 1).contains("has 2 tokens, but the token table 1 rows"));
  }

  @Test
  void aStreamThatInflatesWithoutEndIsRefused() throws IOException {
    byte[] bomb = deflated(new byte[32 << 20]);
    assertTrue(refusal(bomb, 2).contains("bytes has no such vocabulary"), refusal(bomb, 2));
  }

  private String refusal(byte[] stream, int rows) {
    return assertThrows(ModelFormatException.class, () -> inflate(stream, rows)).getMessage();
  }

  private DeflatedTokens inflate(byte[] stream, int rows) throws IOException {
    Path path = folder.resolve("model.safetensors");
    new ModelWriter(path).bytes(NAME, DType.U8, stream, stream.length).write();
    try (ModelFile file = ModelFile.open(path)) {
      return DeflatedTokens.inflate(file, NAME, stream, rows);
    }
  }

  private static byte[] deflated(byte[] plain) throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (Deflater deflater = new Deflater();
        DeflaterOutputStream out = new DeflaterOutputStream(stream, deflater)) {
      out.write(plain);
    }
    return stream.toByteArray();
  }
}
