package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildJvmTest {
  @TempDir private Path folder;

  /** Prints a line, and never ends if it is told so. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws InterruptedException {
      System.out.println("begun");
      if (args[0].equals("hang")) {
        Thread.sleep(Long.MAX_VALUE);
      }
      System.exit(Integer.parseInt(args[0]));
    }
  }

  private ChildJvm.Answer run(Duration limit, String argument) throws IOException {
    return ChildJvm.run(
        folder.resolve("log.txt"),
        limit,
        List.of("-Xshare:auto"),
        System.getProperty("java.class.path"),
        Child.class,
        argument);
  }

  @Test
  void whatEndsInTimeAnswers() throws IOException {
    assertEquals(List.of("begun"), run(Duration.ofSeconds(50), "0").lines());
  }

  @Test
  void whatFailsOrHangsSaysSo() {
    Path log = folder.resolve("log.txt");
    assertEquals(
        "Child failed; " + log + " says why",
        assertThrows(IOException.class, () -> run(Duration.ofSeconds(50), "3")).getMessage());
    assertEquals(
        "Child was stopped after 2 s; " + log + " says how far it came",
        assertThrows(IOException.class, () -> run(Duration.ofSeconds(2), "hang")).getMessage());
  }
}
