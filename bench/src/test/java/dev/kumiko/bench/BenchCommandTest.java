package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return BenchCommand.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        arguments);
  }

  private void refused(String part, String... arguments) {
    assertEquals(2, run(arguments));
    String message = err.toString(StandardCharsets.UTF_8);
    assertTrue(message.startsWith("kumiko: ") && message.contains(part), message);
    assertEquals(1, message.lines().count(), message);
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    err.reset();
  }

  @Test
  void helpSaysWhatThereIs() {
    assertEquals(0, run("--help"));
    String help = out.toString(StandardCharsets.UTF_8);
    assertTrue(help.startsWith("Usage: kumiko bench "), help);
    assertTrue(help.contains("--full"), help);
    assertTrue(help.lines().allMatch(line -> line.length() <= 80), help);
  }

  @Test
  void argumentsAreChecked() {
    refused("'kumiko-int8/b' is not engine/workload/threads", "--points", "kumiko-int8/b");
    refused("'kumiko-int8/b/two' is not engine", "--points", "kumiko-int8/b/two");
    refused("'kumiko' is no engine; there are [kumiko-fp32,", "--points", "kumiko/b/1");
    refused("'x' is no workload; there are [s16, s64,", "--points", "kumiko-int8/x/1");
    refused("threads must be at least 1, not 0", "--points", "kumiko-int8/b/0");
    refused("'spede'", "--only", "spede");
    refused("Unknown option: '--ful'", "--ful");
  }
}
