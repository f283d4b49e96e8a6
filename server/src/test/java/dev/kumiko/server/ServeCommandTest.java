package dev.kumiko.server;

import static dev.kumiko.server.Checks.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The options of {@code kumiko serve}. */
class ServeCommandTest {
  @TempDir private Path folder;

  private final StringWriter said = new StringWriter();

  private int run(String... args) {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    CommandLine line =
        new CommandLine(ServeCommand.describe(new PrintStream(told, true, StandardCharsets.UTF_8)));
    line.setErr(new PrintWriter(said, true));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          said.append(e.getMessage());
          return 1;
        });
    return line.execute(args);
  }

  private void assertWrong(String message, String... args) {
    assertEquals(2, run(args));
    assertContains(message, said.toString());
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    assertWrong("belong together", "--tls-cert", "a.crt");
    assertWrong("belong together", "--tls-key", "a.key");
    assertWrong("--threads must be from 1 to 1024, not 0", "--threads", "0");
    assertWrong("--batch-tokens must be at least 1, not 0", "--batch-tokens", "0");
    assertWrong("--batch-wait must be from 0 to 1000, not 1001", "--batch-wait", "1001");
    assertWrong("--queue must be at least 1, not -5", "--queue", "-5");
    assertWrong("--max-body must be from 1 to 1073741824, not 0", "--max-body", "0");
    assertWrong("--max-texts must be at least 1, not 0", "--max-texts", "0");
    assertWrong("--port must be from 0 to 65535, not 65536", "--port", "65536");
    assertWrong("--port must be from 0 to 65535, not -1", "--port", "-1");
    assertWrong("Invalid value for option '--port'", "--port", "http");
    assertWrong("--host is empty", "--host", "");
    assertWrong("--model names no file: \"\"", "--model", "");
    assertWrong("--model names no file: \"name=\"", "--model", "name=");
    for (String origin : new String[] {"*", "", "example.org", "https://example.org/"}) {
      assertWrong(
          "--cors must be as browsers send it, without path or slash behind", "--cors", origin);
    }
    assertWrong("Unknown option", "--listen");
  }

  @Test
  void whatIsNotThereIsNamed() {
    Path none = folder.resolve("none");
    assertEquals(1, run("--model", none.toString()));
    assertContains(none.toString(), said.toString());
    said.getBuffer().setLength(0);
    String model = ServerFixture.EMBEDDER.toString();
    assertEquals(1, run("--port", "0", "--model", model, "--api-key-file", none.toString()));
    assertEquals(none + ": there is no such file", said.toString());
    said.getBuffer().setLength(0);
    assertEquals(1, run("--port", "0", "--model", model, "--host", "0.0.0.0"));
    assertContains("is open to other machines", said.toString());
    said.getBuffer().setLength(0);
    assertEquals(1, run("--port", "0", "--model", model, "--host", "no-such-host.invalid"));
    assertContains("no-such-host.invalid", said.toString());
    said.getBuffer().setLength(0);
    assertEquals(1, run("--port", "0", "--model", model, "--host", "192.0.2.1", "--insecure"));
    assertEquals(
        "192.0.2.1 is no address of this machine; choose one of its own: --host", said.toString());
  }

  @Test
  void theDefaultModelHasAName() {
    assertEquals(1, run("--port", "0", "--model", "mine=default"));
    assertContains("there is no default model", said.toString()); // in this module's tests
  }

  @Test
  void itLearnsFromARequestOfItsOwn() throws Exception {
    assertEquals(0, run("--learn", "--model", ServerFixture.EMBEDDER.toString()), said::toString);
    Path odd = Files.copy(ServerFixture.EMBEDDER, folder.resolve("a=b.safetensors"));
    assertEquals(0, run("--learn", "--model", odd.toString()), said::toString);
    assertEquals(0, run("--learn", "--model", "name=" + odd, "--access-log"), said::toString);
    assertTrue(said.toString().isEmpty(), said.toString());
  }
}
