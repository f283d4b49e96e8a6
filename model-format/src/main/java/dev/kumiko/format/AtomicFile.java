package dev.kumiko.format;

import java.io.BufferedOutputStream;
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

/** Writes a file completely or not at all. */
final class AtomicFile {
  private static final SecureRandom RANDOM = new SecureRandom();

  private AtomicFile() {}

  /** What a link points to is replaced, not the link. */
  static void write(Path name, ModelWriter.Source content) throws IOException {
    Path target = Files.exists(name) ? name.toRealPath() : name;
    Path directory = target.toAbsolutePath().getParent();
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      String kind = Files.isDirectory(target) ? "a directory" : "no regular file";
      throw new IOException(target + ": not written: it is " + kind);
    }
    if (directory == null || !Files.isDirectory(directory)) {
      throw new IOException(target + ": not written: the directory " + directory + " is not there");
    }
    // In the same directory, because only a move within one file system is atomic.
    String suffix = "." + Long.toHexString(RANDOM.nextLong()) + ".tmp";
    Path temporary = directory.resolve(target.getFileName() + suffix);
    FileChannel channel = create(target, temporary);
    // For whoever presses Ctrl-C.
    temporary.toFile().deleteOnExit();
    boolean moved = false;
    try {
      fill(channel, content);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      moved = true;
    } catch (IOException e) {
      throw new IOException(target + ": not written: " + reason(e), e);
    } finally {
      if (!moved) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  private static FileChannel create(Path target, Path temporary) throws IOException {
    try {
      return FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(
          target + ": not written: cannot create a file in its directory: " + reason(e), e);
    }
  }

  private static void fill(FileChannel channel, ModelWriter.Source content) throws IOException {
    try (channel;
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  /** The message, or the kind of exception where that is all it says: access denied. */
  private static String reason(IOException e) {
    boolean bare = e instanceof FileSystemException || e.getMessage() == null;
    return bare ? e.toString() : e.getMessage();
  }
}
