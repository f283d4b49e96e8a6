package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
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

  private static final String INNER = "lib/inner.jar";

  /** The inner JAR, and behind it what an entry of the inner one must not reach. */
  private static byte[] nested(byte[] inner) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(INNER, inner);
    entries.put("lib/other", new byte[2000]);
    return JarFiles.stored(entries);
  }

  private Optional<StoredEntry> findNested(byte[] zip) throws IOException {
    Path file = Files.write(folder.resolve("outer.jar"), zip);
    return StoredEntry.find(new JarAddress(file, INNER, NAME));
  }

  @Test
  void anEntryOfANestedZipIsFoundInTheOuterOne() throws IOException {
    byte[] zip = nested(JarFiles.stored(NAME, CONTENT, "a comment"));
    StoredEntry entry = findNested(zip).orElseThrow();
    int from = Math.toIntExact(entry.offset());
    assertEquals(CONTENT.length, entry.length());
    assertArrayEquals(CONTENT, Arrays.copyOfRange(zip, from, from + CONTENT.length));
  }

  @Test
  void whatIsCompressedOrAbsentOnEitherLevelIsNotFound() throws IOException {
    byte[] stored = JarFiles.stored(NAME, CONTENT, "");
    assertEquals(Optional.empty(), findNested(nested(JarFiles.compressed(NAME, CONTENT))));
    assertEquals(Optional.empty(), findNested(JarFiles.compressed(INNER, stored)));
    assertEquals(Optional.empty(), findNested(nested(JarFiles.stored("other", CONTENT, ""))));
    assertEquals(Optional.empty(), findNested(JarFiles.stored("other", stored, "")));
  }

  @Test
  void aTruncatedNestedZipHasNoEntries() throws IOException {
    byte[] inner = JarFiles.stored(NAME, CONTENT, "");
    for (int length = 0; length < inner.length; length++) {
      byte[] zip = nested(Arrays.copyOf(inner, length));
      assertEquals(Optional.empty(), findNested(zip), length + " bytes");
    }
  }

  /** Whatever the inner directory says, nothing behind the inner ZIP is an entry of it. */
  @Test
  void aDamagedNestedZipGivesAnEntryWithinItOrNone() throws IOException {
    byte[] inner = JarFiles.stored(NAME, CONTENT, "comment");
    Path file = Files.write(folder.resolve("whole.jar"), nested(inner));
    StoredEntry bounds = StoredEntry.find(file, INNER).orElseThrow();
    for (int at = 0; at < inner.length; at++) {
      for (int value : new int[] {0, 4, 0xFF}) {
        byte[] damaged = inner.clone();
        damaged[at] = (byte) value;
        Optional<StoredEntry> entry = findNested(nested(damaged));
        assertTrue(
            entry.isEmpty()
                || (entry.get().offset() >= bounds.offset()
                    && entry.get().length() >= 0
                    && entry.get().offset() + entry.get().length()
                        <= bounds.offset() + bounds.length()),
            () -> "the entry is " + entry);
      }
    }
  }
}
