package dev.kumiko.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Symbolic links, to what is there and to what is not there yet. */
final class Links {
  /** As many as Linux follows. */
  private static final int MOST = 40;

  private Links() {}

  /**
   * Returns what the last name of a path leads to.
   *
   * @throws IOException if links lead to each other
   */
  static Path follow(Path name) throws IOException {
    Path path = name;
    for (int i = 0; Files.isSymbolicLink(path); i++) {
      if (i == MOST) {
        throw new IOException(name + ": not written: its links lead to each other");
      }
      path = path.resolveSibling(Files.readSymbolicLink(path));
    }
    return path;
  }
}
