package dev.kumiko.format;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file that gets its name when it is complete: until then what was there stays, and if it is
 * closed before, nothing has changed. It is written beside its target, under the target's name and
 * a suffix; what a killed process left there is removed by the next one that writes the target.
 *
 * <p>What a link points to is replaced, not the link, even if nothing is there yet. The new file
 * has the permissions of the old one, and its owner and group as far as this process may give them.
 * Not safe for use by several threads; several files, of several processes too, may be written for
 * one target at the same time, and the last one stays.
 */
public final class AtomicFile implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** As many symbolic links as Linux follows. */
  private static final int MOST_LINKS = 40;

  private final Path name;
  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final SeekableByteChannel named;

  private AtomicFile(Path name, Path target, Path temporary, FileChannel channel) {
    this.name = name;
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
    this.named = new NamedChannel(channel, name.toString());
  }

  /**
   * Opens an empty file that may replace the target.
   *
   * @param name the target
   * @return the file, to be committed and closed; closed without that, it leaves the target as it
   *     was
   * @throws IOException if the target could not be written; the message says why
   */
  public static AtomicFile replacing(Path name) throws IOException {
    Path target = follow(name);
    check(name, target);
    Leftovers.remove(target);
    try {
      while (true) {
        Path temporary = Leftovers.name(target, random());
        FileChannel channel = FileChannel.open(temporary, Leftovers.OPTIONS, attributes(target));
        if (Leftovers.claim(temporary, channel)) {
          deleteOnExit(temporary);
          keepOwner(target, temporary);
          return new AtomicFile(name, target, temporary, channel);
        }
        channel.close();
      }
    } catch (IOException e) {
      throw new NamedChannel.NotWritten(
          name + ": not written: cannot create a file in its directory: " + reason(e), e);
    }
  }

  /** What the last name of a path leads to, whether it is there or not yet. */
  private static Path follow(Path name) throws IOException {
    Path path = name;
    for (int i = 0; Files.isSymbolicLink(path); i++) {
      if (i == MOST_LINKS) {
        throw new IOException(name + ": not written: its links lead to each other");
      }
      path = path.resolveSibling(Files.readSymbolicLink(path));
    }
    return path;
  }

  /**
   * Opens a file without a name in the system's folder for such files: it is gone when it is
   * closed, and where the system allows it also when the process is killed.
   *
   * @return the file, empty, to be closed
   * @throws IOException if reading or writing fails
   */
  public static SeekableByteChannel temporary() throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    FileChannel channel =
        FileChannel.open(
            folder.resolve("kumiko." + random() + ".tmp"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    return new NamedChannel(channel, "a temporary file in " + folder);
  }

  /** Writes a file completely or not at all. */
  static void write(Path name, ModelWriter.Source content) throws IOException {
    try (AtomicFile file = replacing(name)) {
      OutputStream out =
          new BufferedOutputStream(Channels.newOutputStream(file.channel()), 1 << 16);
      content.writeTo(out);
      out.flush();
      file.commit();
    } catch (NamedChannel.NotWritten e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(name + ": not written: " + reason(e), e);
    }
  }

  /** {@return the channel to write through; its failures name the target} */
  public SeekableByteChannel channel() {
    return named;
  }

  /**
   * {@return the path of a file that others may write and that is gone with this one, such as what
   * the target is made from}
   */
  public Path scratch() {
    Path scratch = temporary.resolveSibling(temporary.getFileName() + ".part");
    deleteOnExit(scratch);
    return scratch;
  }

  /**
   * Gives the file its name, replacing what was there, when all of it is on the disk.
   *
   * @throws IOException if reading or writing fails
   */
  public void commit() throws IOException {
    try {
      channel.force(true);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new NamedChannel.NotWritten(name + ": not written: " + reason(e), e);
    }
  }

  /** Removes the file unless it has its name. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(temporary.resolveSibling(temporary.getFileName() + ".part"));
    Files.deleteIfExists(temporary);
    channel.close();
    Leftovers.release(temporary);
  }

  private static void check(Path name, Path target) throws IOException {
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      String kind = Files.isDirectory(target) ? "a directory" : "no regular file";
      throw new NamedChannel.NotWritten(name + ": not written: it is " + kind, null);
    }
    if (Files.exists(target) && !Files.isWritable(target)) {
      throw new NamedChannel.NotWritten(name + ": not written: it is read-only", null);
    }
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NamedChannel.NotWritten(
          name + ": not written: the directory " + directory + " is not there", null);
    }
  }

  private static String random() {
    return HexFormat.of().toHexDigits(RANDOM.nextLong());
  }

  /** For whoever presses Ctrl-C. */
  private static void deleteOnExit(Path path) {
    if (path.getFileSystem().equals(FileSystems.getDefault())) {
      path.toFile().deleteOnExit();
    }
  }

  private static Optional<PosixFileAttributes> posix(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return view == null || !Files.exists(file)
        ? Optional.empty()
        : Optional.of(view.readAttributes());
  }

  /** From the beginning: what is private must not be readable meanwhile. */
  private static FileAttribute<?>[] attributes(Path target) throws IOException {
    return posix(target)
        .map(
            old -> new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(old.permissions())})
        .orElse(new FileAttribute<?>[0]);
  }

  private static void keepOwner(Path target, Path temporary) throws IOException {
    Optional<PosixFileAttributes> old = posix(target);
    if (old.isEmpty()) {
      return;
    }
    PosixFileAttributeView view =
        Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
    try {
      view.setGroup(old.get().group());
      view.setOwner(old.get().owner());
    } catch (IOException e) {
      // Only some may give files away; the new file is its writer's then, as any other program's.
    }
    // The creation leaves out what the process masks.
    view.setPermissions(old.get().permissions());
  }

  /** The message, or the kind of exception where that is all it says: access denied. */
  private static String reason(IOException e) {
    boolean bare = e instanceof FileSystemException || e.getMessage() == null;
    return bare ? e.toString() : e.getMessage();
  }
}
