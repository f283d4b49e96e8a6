package dev.kumiko.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of files that are being written, {@code TARGET.HEX.tmp}, and whether anybody still
 * writes them: a writer holds a lock on its file, which the system frees when the process ends,
 * whatever ends it.
 */
final class Leftovers {
  static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

  /** Of this process: to open and close one of them again would free its lock. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private Leftovers() {}

  /** Returns the name of a file that may become the target; random has 16 hexadecimal digits. */
  static Path name(Path target, String random) {
    return target.resolveSibling(target.getFileName() + "." + random + ".tmp");
  }

  /**
   * Marks a file that has just been created as being written.
   *
   * @return false if another process took it for a leftover in the moment before
   */
  static boolean claim(Path file, FileChannel channel) {
    Path path = file.toAbsolutePath();
    OWN.add(path);
    try {
      if (channel.tryLock() != null && Files.exists(file)) {
        return true;
      }
    } catch (IOException e) {
      // Without locks in this file system nobody removes it, either.
      return true;
    }
    OWN.remove(path);
    return false;
  }

  /** Says that a file of this process is no longer being written. */
  static void release(Path file) {
    OWN.remove(file.toAbsolutePath());
  }

  /** Removes what ended processes left beside a target. */
  static void remove(Path target) throws IOException {
    Pattern pattern =
        Pattern.compile("(" + Pattern.quote(target.getFileName() + ".") + "[0-9a-f]{16}\\.tmp).*");
    List<Path> files;
    try (Stream<Path> all = Files.list(target.toAbsolutePath().getParent())) {
      files = all.toList();
    } catch (IOException e) {
      // A folder may be writable and not readable.
      return;
    }
    for (Path file : files) {
      Matcher matcher = pattern.matcher(file.getFileName().toString());
      if (matcher.matches()) {
        removeUnlessWritten(file.resolveSibling(matcher.group(1)), file);
      }
    }
  }

  /**
   * Removes a file.
   *
   * @param locked the file whose lock says that somebody needs it
   */
  private static void removeUnlessWritten(Path locked, Path file) throws IOException {
    if (OWN.contains(locked)) {
      return;
    }
    if (!Files.exists(locked)) {
      Files.deleteIfExists(file);
      return;
    }
    try (FileChannel channel = FileChannel.open(locked, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // Somebody else's, or being removed by somebody else: nothing that this writer needs.
    }
  }
}
