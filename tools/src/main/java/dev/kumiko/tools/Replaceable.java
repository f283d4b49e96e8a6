package dev.kumiko.tools;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Keeps a slip in the name of a target from costing anybody a file. */
final class Replaceable {
  private static final int BEGINNING = 4096;

  private Replaceable() {}

  /**
   * Lets a target be replaced if it is not there, empty, or of the kind that will be written.
   *
   * @param kind what will be written, for people
   * @param began whether a file that begins with these bytes is of that kind
   * @param advice what to do
   * @throws IOException if it is something else
   */
  static void check(Path target, String kind, Predicate<byte[]> began, String advice)
      throws IOException {
    if (!Files.isRegularFile(target)) {
      return;
    }
    byte[] beginning;
    try (InputStream in = Files.newInputStream(target)) {
      beginning = in.readNBytes(BEGINNING);
    }
    if (beginning.length > 0 && !began.test(beginning)) {
      throw new CommandFailedException(
          "%s: not written: it exists and does not hold %s; %s".formatted(target, kind, advice));
    }
  }
}
