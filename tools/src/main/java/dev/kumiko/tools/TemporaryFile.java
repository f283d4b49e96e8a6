package dev.kumiko.tools;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/** A file that is gone when it is closed, unless it has been moved to where it belongs. */
final class TemporaryFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;

  private TemporaryFile(Path path) throws IOException {
    this.path = path;
    this.channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    // For whoever presses Ctrl-C.
    path.toFile().deleteOnExit();
  }

  /** Creates a file in the system's directory for such files. */
  static TemporaryFile create() throws IOException {
    return new TemporaryFile(Path.of(System.getProperty("java.io.tmpdir")).resolve(name("kumiko")));
  }

  /**
   * Creates a file in the directory of another one, because only a move within one file system is
   * atomic.
   *
   * @throws IOException if that other file could not be written; the message says why
   */
  static TemporaryFile beside(Path target) throws IOException {
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      String kind = Files.isDirectory(target) ? "a directory" : "no regular file";
      throw new CommandFailedException(target + ": not written: it is " + kind);
    }
    Path directory = real(target).toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new CommandFailedException(
          target + ": not written: the directory " + directory + " is not there");
    }
    try {
      return new TemporaryFile(directory.resolve(name(target.getFileName().toString())));
    } catch (FileSystemException e) {
      throw new CommandFailedException(
          target + ": not written: cannot create a file in " + directory + ": " + e);
    }
  }

  private static String name(String stem) {
    return stem + "." + Long.toHexString(new SecureRandom().nextLong()) + ".tmp";
  }

  /** Returns the channel to write through. */
  FileChannel channel() {
    return channel;
  }

  /** Completes the file and gives it its name, replacing what was there. */
  void moveTo(Path target) throws IOException {
    channel.force(true);
    channel.close();
    Files.move(path, real(target), StandardCopyOption.ATOMIC_MOVE);
  }

  /** What a link points to is replaced, not the link. */
  private static Path real(Path target) throws IOException {
    return Files.exists(target) ? target.toRealPath() : target;
  }

  /** Copies everything to a stream. */
  void copyTo(OutputStream out) throws IOException {
    channel.position(0);
    Channels.newInputStream(channel).transferTo(out);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
  }
}
