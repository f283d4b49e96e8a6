package dev.kumiko.server.http;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Files that the server is set up with. What cannot be read is said in words for people. */
final class InputFile {
  private InputFile() {}

  /** Returns when the file was changed last. */
  static FileTime modified(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Throws {@link IOException} if others than the owner and his group may read the file. */
  static void requirePrivate(Path file) throws IOException {
    Set<PosixFilePermission> permissions;
    try {
      if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
        return;
      }
      permissions = Files.getPosixFilePermissions(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          file + ": every user of this machine may read it; make it private: chmod 600 " + file);
    }
  }

  private static IOException unreadable(Path file, IOException e) {
    String why =
        switch (e) {
          case NoSuchFileException missing -> "there is no such file";
          case AccessDeniedException denied -> "it may not be read by this user";
          default -> "cannot be read: " + e.getMessage();
        };
    return new IOException(file + ": " + why, e);
  }
}
