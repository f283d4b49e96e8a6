package dev.kumiko.tools;

import dev.kumiko.tools.convert.Converter;
import java.io.IOException;
import java.nio.file.Path;

/** Entry point of the command line. */
public final class Main {
  private Main() {}

  /** Runs {@code convert SOURCE TARGET}. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3 || !args[0].equals("convert")) {
      System.err.println("Usage: kumiko convert SOURCE TARGET");
      System.exit(2);
    }
    Converter.convert(
        Path.of(args[1]), Path.of(args[2]), Converter.Options.NONE, System.out::println);
  }
}
