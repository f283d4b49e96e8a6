package dev.kumiko.examples.plainjava;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed application, started as its README says. */
class SearchTest {
  @TempDir Path folder;

  private static void assertFinds(String question, String text, List<String> lines) {
    int at = lines.indexOf(question);
    assertTrue(at >= 0, lines::toString);
    assertTrue(lines.get(at + 1).contains(text), lines::toString);
  }

  @Test
  void questionsFindTheirPlacesInTheText() throws Exception {
    List<String> lines =
        new Program(folder)
            .run(
                Program.ofJdk("java"),
                "--add-modules",
                "jdk.incubator.vector",
                "-jar",
                Program.application().toString(),
                "What holds up a roof?",
                "When must I pay?");
    assertEquals(6, lines.size(), lines::toString);
    assertFinds("What holds up a roof?", "Purlins lie along it and carry the rafters", lines);
    assertFinds("When must I pay?", "Invoices are due within thirty days", lines);
  }
}
