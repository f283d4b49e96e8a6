package dev.kumiko.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** API keys of a file. */
class KeyFileTest {
  private static final String FIRST = "first-key-0123456789";
  private static final String SECOND = "second-key-0123456789";

  @TempDir private Path folder;

  private Path file;
  private long changes;

  @BeforeEach
  void name() {
    file = folder.resolve("keys.txt");
  }

  private void write(String text) throws IOException {
    write(text, "rw-------");
  }

  private void write(String text, String permissions) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    changes++;
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 1000 * changes));
  }

  private static boolean knows(KeyFile keys, String key) {
    return keys.known("Bearer " + key).isPresent();
  }

  /** Looks at the file once a second. */
  private static void awaitKnown(KeyFile keys, String key) throws InterruptedException {
    for (int i = 0; i < 1000 && !knows(keys, key); i++) {
      Thread.sleep(10);
    }
    assertTrue(knows(keys, key), "it does not know " + key);
  }

  @Test
  void eachLineIsAKey() throws IOException {
    write("# those of today\n\n  " + FIRST + "  \r\n" + SECOND);
    KeyFile keys = new KeyFile(file);
    assertTrue(keys.required());
    assertTrue(knows(keys, FIRST));
    assertTrue(knows(keys, SECOND));
    assertTrue(keys.known("bearer  " + FIRST + " ").isPresent());
    for (String header :
        new String[] {
          null,
          "",
          "Bearer",
          "Bearer ",
          FIRST,
          "Basic " + FIRST,
          "Bearer " + FIRST + "0",
          "Bearer " + FIRST.substring(1),
          "Bearer # those of today",
          "Bearer " + FIRST + "\n" + SECOND
        }) {
      assertTrue(keys.known(header).isEmpty(), "it knows " + header);
    }
  }

  /** As Windows' editors write it. */
  @Test
  void aByteOrderMarkIsNoPartOfAKey() throws IOException {
    write("\uFEFF" + FIRST + "\r\n" + SECOND + "\r\n");
    KeyFile keys = new KeyFile(file);
    assertTrue(knows(keys, FIRST));
    assertTrue(knows(keys, SECOND));
    write("\uFEFF# those of today\r\n" + FIRST + "\r\n");
    assertFalse(knows(new KeyFile(file), "# those of today"));
  }

  @Test
  void aClientsNameIsNotItsKey() throws IOException {
    write(FIRST + "\n" + SECOND + "\n");
    KeyFile keys = new KeyFile(file);
    String first = keys.known("Bearer " + FIRST).orElseThrow();
    assertEquals(first, keys.known("Bearer " + FIRST).orElseThrow());
    assertNotEquals(first, keys.known("Bearer " + SECOND).orElseThrow());
    assertFalse(first.contains("first"));
  }

  private String refused() {
    return assertThrows(IOException.class, () -> new KeyFile(file)).getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# a comment\n   \n"})
  void aFileWithoutKeysIsRefused(String text) throws IOException {
    write(text);
    assertEquals(file + ": has no API key; write one a line", refused());
  }

  @Test
  void aShortKeyIsRefusedAndNotSaid() throws IOException {
    write(FIRST + "\nsecret\n");
    assertEquals(
        file + ": the key in line 2 has 6 characters, which are soon guessed; 16 are needed",
        refused());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-----w-", "rw-rw-rw-"})
  void aFileThatOthersMayReadIsRefused(String permissions) throws IOException {
    write(FIRST, permissions);
    assertEquals(
        file + ": every user of this machine may read it; make it private: chmod 600 " + file,
        refused());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"schl\u00fcssel-0123456789", "two words 0123456789", "tab\tand-0123456789"})
  void keysThatHeadersDoNotCarryAreRefused(String key) throws IOException {
    write(FIRST + "\n" + key + "\n");
    assertEquals(
        file
            + ": the key in line 2 has characters that not every client can send; use letters,"
            + " digits and signs of ASCII, without blanks",
        refused());
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException {
    assertEquals(file + ": there is no such file", refused());
    Files.createDirectory(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    assertEquals(file + ": cannot be read: Is a directory", refused());
  }

  @Test
  void aChangedFileIsReadAgain() throws Exception {
    write(FIRST);
    KeyFile keys = new KeyFile(file);
    assertTrue(knows(keys, FIRST));
    write(SECOND);
    awaitKnown(keys, SECOND);
    assertFalse(knows(keys, FIRST));
  }

  @Test
  void aFileThatIsNoGoodLeavesTheKeysAsTheyWere() throws Exception {
    write(FIRST);
    KeyFile keys = new KeyFile(file);
    Files.delete(file);
    Thread.sleep(1100); // it looks
    assertTrue(knows(keys, FIRST));
    write(SECOND, "rw-r--r--");
    Thread.sleep(1100);
    assertTrue(knows(keys, FIRST));
    assertFalse(knows(keys, SECOND));
    // The same file, with other rights.
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    awaitKnown(keys, SECOND);
    assertFalse(knows(keys, FIRST));
  }
}
