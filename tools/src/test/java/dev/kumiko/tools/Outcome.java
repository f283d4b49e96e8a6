package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a command line did: exit code, standard output, standard error. */
final class Outcome {
  final int code;
  final byte[] bytes;
  final String out;
  final String err;

  private Outcome(int code, byte[] bytes, String err) {
    this.code = code;
    this.bytes = bytes;
    this.out = new String(bytes, StandardCharsets.UTF_8);
    this.err = err;
  }

  /** Runs a command line with nothing on standard input. */
  static Outcome of(String... arguments) {
    return of(new byte[0], arguments);
  }

  /** Runs a command line with this on standard input. */
  static Outcome of(byte[] input, String... arguments) {
    return of(new ByteArrayInputStream(input), Terminals.NONE, arguments);
  }

  static Outcome of(InputStream in, Terminals terminals, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(in, out, err, terminals, arguments);
    return new Outcome(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command line whose standard output is this stream. */
  static Outcome into(OutputStream out, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(InputStream.nullInputStream(), out, err, Terminals.NONE, arguments);
    return new Outcome(code, new byte[0], err.toString(StandardCharsets.UTF_8));
  }

  private static int run(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Terminals terminals,
      String... arguments) {
    PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
    return Kumiko.run(new Streams(in, out, messages, terminals), arguments);
  }

  /** Checks that all went well and nothing had to be said. */
  Outcome silent() {
    assertEquals("", err);
    assertEquals(0, code);
    return this;
  }

  /** Checks that the command failed with this one line, and wrote no result. */
  void failed(int expectedCode, String message) {
    assertEquals("kumiko: " + message + System.lineSeparator(), err);
    assertEquals("", out);
    assertEquals(expectedCode, code);
  }

  /** Returns the JSON lines of standard output. */
  List<Json> json() throws IOException {
    List<Json> lines = new ArrayList<>();
    for (String line : out.split("\n", -1)) {
      if (!line.isEmpty()) {
        lines.add(Json.parse("standard output", line));
      }
    }
    return lines;
  }
}
