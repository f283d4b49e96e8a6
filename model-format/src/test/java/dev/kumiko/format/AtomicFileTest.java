package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  private static final String RANDOM = ".0123456789abcdef.tmp";

  @TempDir private Path folder;

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void write(Path target, String content) throws IOException {
    try (AtomicFile file = AtomicFile.replacing(target)) {
      file.channel().write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
      file.commit();
    }
  }

  @Test
  void removesWhatAKilledProcessLeftAndNothingElse() throws Exception {
    Path target = folder.resolve("t.[x]");
    Files.writeString(folder.resolve("t.[x]" + RANDOM), "left");
    Files.writeString(folder.resolve("t.[x]" + RANDOM + ".part"), "left");
    Files.writeString(folder.resolve("t.[x].00000000000000ff.tmp.part.00000000000000aa.tmp"), "");
    List<String> others =
        List.of(
            "other" + RANDOM, "t.[x].0123.tmp", "t.[x].backup.tmp", "t.[x].tmp", "t.x" + RANDOM);
    for (String other : others) {
      Files.writeString(folder.resolve(other), "somebody's");
    }
    write(target, "new");
    assertEquals("new", Files.readString(target));
    assertEquals(Stream.concat(others.stream(), Stream.of("t.[x]")).sorted().toList(), files());
  }

  @Test
  void leavesWhatThisProcessStillWrites() throws IOException {
    Path target = folder.resolve("t");
    try (AtomicFile slow = AtomicFile.replacing(target)) {
      Path scratch = Files.writeString(slow.scratch(), "needed");
      write(target, "first");
      // Once more: the lock is not lost by looking.
      write(target, "second");
      assertEquals("needed", Files.readString(scratch));
      slow.channel().write(ByteBuffer.wrap(new byte[] {'3'}));
      slow.commit();
    }
    assertEquals("3", Files.readString(target));
    assertEquals(List.of("t"), files());
  }

  @Test
  void leavesWhatAnotherProcessStillWritesAndRemovesItWhenThatIsKilled() throws Exception {
    Path target = folder.resolve("t");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")
                    + System.getProperty("path.separator")
                    + System.getProperty("jdk.module.path", ""),
                Slow.class.getName(),
                target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("open", said.readLine());
      write(target, "mine");
      assertEquals(2, files().size());
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertEquals(2, files().size());
    write(target, "mine again");
    assertEquals(List.of("t"), files());
  }

  /** Opens a file and never ends. */
  static final class Slow {
    private Slow() {}

    public static void main(String[] args) throws Exception {
      try (AtomicFile file = AtomicFile.replacing(Path.of(args[0]))) {
        file.channel().write(ByteBuffer.wrap(new byte[] {1}));
        System.out.println("open");
        Thread.sleep(600_000);
      }
    }
  }

  @Test
  void followsLinksAlsoToWhatIsNotThere() throws IOException {
    Path inside = Files.createDirectory(folder.resolve("inside"));
    Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("inside/second"));
    Files.createSymbolicLink(inside.resolve("second"), Path.of("../real"));
    write(first, "x");
    assertTrue(Files.isSymbolicLink(first));
    assertEquals("x", Files.readString(folder.resolve("real")));
    assertEquals(List.of("first", "inside", "real"), files());
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    IOException e = assertThrows(IOException.class, () -> AtomicFile.replacing(loop));
    assertEquals(loop + ": not written: its links lead to each other", e.getMessage());
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), Path.of("none/x"));
    e = assertThrows(IOException.class, () -> AtomicFile.replacing(nowhere));
    assertTrue(e.getMessage().startsWith(nowhere + ": not written: the directory "), e.toString());
  }

  @Test
  void keepsPermissions() throws IOException {
    for (String mode : List.of("rw-------", "rw-rw-rw-", "rwxr-x--x")) {
      Path target = Files.writeString(folder.resolve("t"), "old");
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(mode));
      try (AtomicFile file = AtomicFile.replacing(target)) {
        // Also before: nobody may read what is private while it is written.
        Path temporary = folder.resolve(files().get(1));
        assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)));
        file.commit();
      }
      assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
      assertEquals(0, Files.size(target));
    }
  }

  @Test
  void withoutCommitNothingChanges() throws IOException {
    Path target = Files.writeString(folder.resolve("t"), "old");
    try (AtomicFile file = AtomicFile.replacing(target)) {
      Files.writeString(file.scratch(), "x");
      file.channel().write(ByteBuffer.wrap(new byte[9]));
    }
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("t"), files());
  }

  @Test
  void aFailureNamesTheTarget() throws IOException {
    Path target = folder.resolve("t");
    try (AtomicFile file = AtomicFile.replacing(target)) {
      file.channel().close();
      assertThrows(IOException.class, () -> file.channel().write(ByteBuffer.allocate(1)));
      Files.delete(folder.resolve(files().get(0)));
      IOException e = assertThrows(IOException.class, file::commit);
      assertTrue(e.getMessage().startsWith(target + ": not written: "), e.getMessage());
    }
    assertFalse(Files.exists(target));
    Path full = Path.of("/dev/full");
    if (Files.exists(full)) {
      try (var channel =
          new NamedChannel(
              java.nio.channels.FileChannel.open(full, java.nio.file.StandardOpenOption.WRITE),
              "name")) {
        IOException e =
            assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(1)));
        assertTrue(e.getMessage().startsWith("name: not written: "), e.getMessage());
      }
    }
  }
}
