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

/** What a model or data are told from others by: SHA-256 in hexadecimal digits. */
public final class FileHash {
  private FileHash() {}

  /** Reads a file through. */
  public static String of(Path file) throws IOException {
    return of(file, "");
  }

  /** Reads a file through, whose meaning depends on settings. */
  static String of(Path file, String settings) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = begin(settings);
      new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
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
