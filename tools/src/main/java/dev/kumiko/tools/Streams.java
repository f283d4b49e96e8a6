package dev.kumiko.tools;

import java.io.BufferedWriter;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes.
 *
 * @param in standard input
 * @param out standard output, buffered
 * @param err standard error, for people
 * @param terminals which of the three are terminals
 */
record Streams(InputStream in, OutputStream out, PrintStream err, Terminals terminals) {

  /** Returns a writer of UTF-8 to standard output; whoever asks for it flushes it. */
  Writer writer() {
    return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  /** Prints a line for people. */
  void say(String message) {
    err.println("kumiko: " + message);
  }
}
