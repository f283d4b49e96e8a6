package dev.kumiko.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;

/**
 * What a mapped file was like when it was opened: which one, how long, and when last written. A
 * mapping shows what others write into the file, so that half a model may be the old one and half
 * the new one; who reads from one asks afterwards whether that has happened. Immutable.
 *
 * <p>A new file that is renamed over the mapped one, or the mapped one's removal, does no harm: the
 * mapping keeps the old file.
 */
public final class MappedState {
  /** Null for a model in memory that nobody else can write to. */
  private final Path path;

  private final Object key;
  private final long size;
  private final FileTime written;

  private MappedState(Path path, Object key, long size, FileTime written) {
    this.path = path;
    this.key = key;
    this.size = size;
    this.written = written;
  }

  static MappedState inMemory() {
    return new MappedState(null, null, 0, FileTime.fromMillis(0));
  }

  static MappedState of(Path path) throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    return new MappedState(path, now.fileKey(), now.size(), now.lastModifiedTime());
  }

  /**
   * {@return how the file has been changed in place since, for people; empty if it has not been, or
   * if there is no file or another one at its path now} Takes a few microseconds.
   */
  public Optional<String> change() {
    if (path == null) {
      return Optional.empty();
    }
    try {
      MappedState now = of(path);
      return Objects.equals(key, now.key) ? changeTo(now) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // removed: the mapping keeps what was there
    }
  }

  /**
   * Checks that the path still leads to the same file and that it is as it was.
   *
   * @throws IOException if it is not
   */
  public void requireSame() throws IOException {
    if (path == null) {
      return;
    }
    MappedState now = of(path);
    Optional<String> change =
        Objects.equals(key, now.key)
            ? changeTo(now)
            : Optional.of(path + ": was replaced by another file");
    if (change.isPresent()) {
      throw new IOException(change.get() + " while it was being loaded; load it again");
    }
  }

  private Optional<String> changeTo(MappedState now) {
    if (size == now.size && written.equals(now.written)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: was written to (%d bytes of %s, now %d of %s)"
            .formatted(path, size, written, now.size, now.written));
  }
}
