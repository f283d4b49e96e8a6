package dev.kumiko.train.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What a model or data are told from others by: SHA-256 in hexadecimal digits. */
public final class FileHash {
  private FileHash() {}

  /**
   * Reads a file through.
   *
   * @param file where it lies
   * @return SHA-256 in hexadecimal digits
   * @throws IOException if reading fails
   */
  public static String of(Path file) throws IOException {
    return of(file, "");
  }

  /** Reads a file through, whose meaning depends on settings. */
  static String of(Path file, String settings) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in, begin(settings));
    }
  }

  /**
   * Reads a stream to its end, and does not close it.
   *
   * @param in stays open
   * @return SHA-256 in hexadecimal digits
   * @throws IOException if reading fails
   */
  public static String of(InputStream in) throws IOException {
    return of(in, begin(""));
  }

  private static String of(InputStream in, MessageDigest digest) throws IOException {
    new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Of texts in memory, as {@link Lines}.
   *
   * @param texts one after the other
   * @return SHA-256 in hexadecimal digits
   */
  public static String ofLines(List<String> texts) {
    Lines lines = new Lines();
    texts.forEach(lines::add);
    return lines.end();
  }

  /** Of texts that come one after another: that of a file with a line for each. */
  public static final class Lines {
    private final MessageDigest digest = begin("");

    /** Begins with no text. */
    public Lines() {}

    /**
     * Adds a text.
     *
     * @param text one line
     */
    public void add(String text) {
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) '\n');
    }

    /** {@return the hash, and begins again} */
    public String end() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  /** Of what is no file. */
  static String of(String settings) {
    return HexFormat.of().formatHex(begin(settings).digest());
  }

  private static MessageDigest begin(String settings) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(settings.getBytes(StandardCharsets.UTF_8));
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
