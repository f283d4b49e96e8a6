package dev.kumiko.server.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * API keys of a file, one a line; empty lines and those that begin with # do not count. The file is
 * read again when it was changed. If it is no good then, the keys stay those that they were.
 */
final class KeyFile implements Keys {
  private static final System.Logger LOG = System.getLogger("dev.kumiko.server");
  private static final int SHORTEST = 16;
  private static final Pattern PLAIN = Pattern.compile("[!-~]+");
  private static final long LOOK_NANOS = 1_000_000_000;

  private final Path file;
  private List<byte[]> hashes;
  private FileTime modified;
  private long looked;

  /** What was wrong when it was looked last; empty if nothing was. */
  private String complaint = "";

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
    if (authorization == null || !Keys.isBearer(authorization)) {
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
        if (!InputFile.modified(file).equals(modified)) {
          load();
          LOG.log(Level.INFO, file + ": " + hashes.size() + " API keys, read again");
        }
        complaint = "";
      } catch (IOException e) {
        complain("The API keys stay as they were: " + e.getMessage());
      }
    }
    return hashes;
  }

  /** Once: it looks again every second. */
  private void complain(String now) {
    if (!now.equals(complaint)) {
      LOG.log(Level.WARNING, now);
      complaint = now;
    }
  }

  private void load() throws IOException {
    FileTime time = InputFile.modified(file);
    InputFile.requirePrivate(file);
    List<byte[]> read = new ArrayList<>();
    int number = 0;
    String text = withoutMark(new String(InputFile.read(file), StandardCharsets.UTF_8));
    for (String line : text.lines().toList()) {
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
      if (!PLAIN.matcher(key).matches()) {
        throw new IOException(
            "%s: the key in line %d has characters that not every client can send; use letters, digits and signs of ASCII, without blanks"
                .formatted(file, number));
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

  /** Some editors begin a file with U+FEFF, which nobody sees, and nobody sends. */
  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
