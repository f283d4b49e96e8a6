package dev.kumiko.examples.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application, as it is started. */
@Timeout(120)
class FolderSearchTest {
  private static List<String> run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      FolderSearch.main(arguments);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void thePassagesThatAnswerAreFoundWithTheirPlaces() throws Exception {
    Path notes = Path.of(FolderSearch.class.getResource("/notes").toURI());
    List<String> lines =
        run(
            notes.toString(),
            "Why do the ends of the beams rot?",
            "When do I have to pay?",
            "Which wood is used for the strips?");
    assertEquals(9, lines.size(), lines::toString);
    assertEquals("Why do the ends of the beams rot?", lines.get(0));
    assertTrue(lines.get(1).matches("  roof\\.txt, from \\d+: .*water stands.*"), lines.get(1));
    assertTrue(lines.get(4).matches("  workshop\\.txt, from \\d+: .*Invoices.*"), lines.get(4));
    assertTrue(lines.get(7).matches("  joinery\\.txt, from \\d+: .*Cedar.*"), lines.get(7));
  }
}
