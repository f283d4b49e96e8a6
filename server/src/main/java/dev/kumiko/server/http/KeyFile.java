package dev.kumiko.server.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * API keys of a file, one a line; empty lines and those that begin with # do not count. The file is
 * read again when it was changed. If it is no good then, the keys stay those that they were.
 */
final class KeyFile implements Keys {
  private static final System.Logger LOG = System.getLogger("dev.kumiko.server");
  private static final String SCHEME = "Bearer ";
  private static final int SHORTEST = 16;
  private static final long LOOK_NANOS = 1_000_000_000;

  private final Path file;
  private List<byte[]> hashes;
  private FileTime modified;
  private long looked;

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be read, others may read it, or it has no key
   */
  KeyFile(Path file) throws IOException {
    this.file = file;
    load();
  }

  @Override
  public boolean required() {
    return true;
  }

  @Override
  public Optional<String> known(String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    byte[] hash = hash(authorization.substring(SCHEME.length()).strip());
    byte[] found = null;
    for (byte[] known : current()) { // all of them: the time tells nothing
      if (MessageDigest.isEqual(known, hash)) {
        found = known;
      }
    }
    return Optional.ofNullable(found).map(HexFormat.of()::formatHex);
  }

  private synchronized List<byte[]> current() {
    long now = System.nanoTime();
    if (now - looked >= LOOK_NANOS) {
      looked = now;
      try {
        if (!Files.getLastModifiedTime(file).equals(modified)) {
          load();
          LOG.log(Level.INFO, file + ": " + hashes.size() + " API keys, read again");
        }
      } catch (IOException e) {
        LOG.log(Level.WARNING, "The API keys stay as they were: " + e.getMessage());
      }
    }
    return hashes;
  }

  private void load() throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    requirePrivate(file);
    List<byte[]> read = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String key = line.strip();
      if (key.isEmpty() || key.startsWith("#")) {
        continue;
      }
      if (key.length() < SHORTEST) {
        throw new IOException(
            "%s: the key in line %d has %d characters, which are soon guessed; %d are needed"
                .formatted(file, number, key.length(), SHORTEST));
      }
      read.add(hash(key));
    }
    if (read.isEmpty()) {
      throw new IOException(file + ": has no API key; write one a line");
    }
    hashes = List.copyOf(read);
    modified = time;
    looked = System.nanoTime();
  }

  /** Throws {@link IOException} if others than the owner and his group may read the file. */
  static void requirePrivate(Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          file + ": every user of this machine may read it; make it private: chmod 600 " + file);
    }
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
