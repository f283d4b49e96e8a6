package dev.kumiko.tools;

import dev.kumiko.server.ServeCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Entry point of the command line. */
public final class Main {
  private Main() {}

  /**
   * Runs the command line and ends the JVM with its exit code.
   *
   * @param args the command and what belongs to it
   */
  public static void main(String[] args) {
    // The engine's one warning, as a line like Kumiko's own.
    System.setProperty("java.util.logging.SimpleFormatter.format", "kumiko: %5$s%n");
    if (args.length > 0 && args[0].equals("serve")) {
      ServeCommand.takeHeadStart();
    }
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(Kumiko.run(new Streams(System.in, out, err, Terminals.find()), args));
  }
}
