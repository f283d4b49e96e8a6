package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AnsweringJvmTest {
  @TempDir private Path folder;

  /** Counts in words of its own, and fails if it is told so. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      AnsweringJvm.answer(
          question -> {
            if (question.equals("fail")) {
              throw new IllegalStateException("told so");
            }
            return args[0] + " " + question;
          });
    }
  }

  private AnsweringJvm start(String name) throws IOException {
    return new AnsweringJvm(
        folder.resolve("log.txt"),
        List.of("-Xshare:auto"),
        System.getProperty("java.class.path"),
        Child.class,
        name);
  }

  @Test
  void processesTakeTurns() throws IOException {
    try (AnsweringJvm one = start("one");
        AnsweringJvm two = start("two")) {
      for (int round = 0; round < 3; round++) {
        assertEquals("one " + round, one.ask("" + round));
        assertEquals("two é" + round, two.ask("é" + round));
      }
    }
  }

  @Test
  void aProcessThatFailsSaysSo() throws IOException {
    try (AnsweringJvm one = start("one")) {
      IOException e = assertThrows(IOException.class, () -> one.ask("fail"));
      assertEquals(
          "Child has ended at fail; " + folder.resolve("log.txt") + " says why", e.getMessage());
    }
  }
}
