package dev.kumiko.server;

import java.io.IOException;
import picocli.CommandLine;

/** Entry point where there is the server alone, as in a container. */
public final class Main {
  private Main() {}

  /**
   * Serves until the process is told to end.
   *
   * @param args the options of {@code kumiko serve}
   */
  public static void main(String[] args) {
    HeadStart.take();
    // The engine's and the server's own lines look alike.
    System.setProperty("java.util.logging.SimpleFormatter.format", "kumiko: %5$s%6$s%n");
    CommandLine line = new CommandLine(ServeCommand.describe(System.err));
    line.setCommandName("kumiko-server");
    line.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new ServerVersion());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          System.err.println("kumiko: " + e.getMessage());
          return e instanceof IOException ? 1 : 2;
        });
    System.exit(line.execute(args));
  }
}
