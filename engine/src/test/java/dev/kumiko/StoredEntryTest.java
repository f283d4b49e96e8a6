package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries of ZIP files that {@code java.util.zip} wrote. */
class StoredEntryTest {
  private static final String NAME = "META-INF/some/model";
  private static final byte[] CONTENT = new byte[100];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir Path folder;

  private Optional<StoredEntry> find(byte[] zip, String name) throws IOException {
    return StoredEntry.find(Files.write(folder.resolve("some.jar"), zip), name);
  }

  private void assertFound(byte[] zip) throws IOException {
    StoredEntry entry = find(zip, NAME).orElseThrow();
    assertEquals(CONTENT.length, entry.length());
    int from = Math.toIntExact(entry.offset());
    assertArrayEquals(CONTENT, Arrays.copyOfRange(zip, from, from + CONTENT.length));
  }

  @Test
  void aStoredEntryIsFound() throws IOException {
    assertFound(JarFiles.stored(NAME, CONTENT, ""));
  }

  @Test
  void aCommentAtTheEndDoesNotHideIt() throws IOException {
    assertFound(JarFiles.stored(NAME, CONTENT, "one line"));
    assertFound(JarFiles.stored(NAME, CONTENT, "x".repeat(0xFFFF)));
  }

  @Test
  void anAbsentEntryIsNotFound() throws IOException {
    byte[] zip = JarFiles.stored(NAME, CONTENT, "");
    assertEquals(Optional.empty(), find(zip, "META-INF/some/mode"));
    assertEquals(Optional.empty(), find(zip, "META-INF/some/model2"));
  }

  @Test
  void aCompressedEntryIsLeftToTheJdk() throws IOException {
    assertEquals(Optional.empty(), find(JarFiles.compressed(NAME, CONTENT), NAME));
  }

  @Test
  void whatIsNoZipHasNoEntries() throws IOException {
    for (int length : new int[] {0, 1, 21, 22, 23, 70_000}) {
      assertEquals(Optional.empty(), find(new byte[length], NAME), length + " zeros");
      byte[] noise = new byte[length];
      new Random(length).nextBytes(noise);
      assertEquals(Optional.empty(), find(noise, NAME), length + " random bytes");
    }
  }

  @Test
  void aTruncatedZipHasNoEntries() throws IOException {
    byte[] zip = JarFiles.stored(NAME, CONTENT, "");
    for (int length = 0; length < zip.length; length++) {
      assertEquals(Optional.empty(), find(Arrays.copyOf(zip, length), NAME), length + " bytes");
    }
  }

  /** Whatever a damaged directory says, an entry lies within the file. */
  @Test
  void aDamagedZipGivesAnEntryWithinItOrNone() throws IOException {
    byte[] zip = JarFiles.stored(NAME, CONTENT, "comment");
    for (int at = 0; at < zip.length; at++) {
      for (int value : new int[] {0, 0xFF}) {
        byte[] damaged = zip.clone();
        damaged[at] = (byte) value;
        Optional<StoredEntry> entry = find(damaged, NAME);
        assertTrue(
            entry.isEmpty()
                || (entry.get().offset() >= 0
                    && entry.get().length() >= 0
                    && entry.get().offset() + entry.get().length() <= zip.length),
            () -> "the entry is " + entry);
      }
    }
  }
}
