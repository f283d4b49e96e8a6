package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The benchmark's options in the documentation are understood; runs take minutes. */
class DocumentedBenchTest {
  private static final Pattern COMMAND = Pattern.compile("\\./kumiko bench(.*)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  private static Stream<List<String>> commands(String line) {
    Matcher command = COMMAND.matcher(line);
    if (!command.matches()) {
      return Stream.empty();
    }
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command.group(1).replaceFirst(" #.*", ""));
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    return Stream.of(words);
  }

  private static void assertUnderstood(List<String> words, int code) {
    List<String> arguments = new ArrayList<>(words);
    arguments.add("--help"); // read like the others, and stands in the place of the run
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int actual =
        BenchCommand.run(
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            arguments.toArray(String[]::new));
    assertEquals(code, actual, () -> words + ": " + err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void theOptionsOfThePageAreUnderstood() throws IOException {
    List<List<String>> commands =
        Files.readAllLines(Path.of("..", "docs", "benchmarks.md")).stream()
            .flatMap(DocumentedBenchTest::commands)
            .toList();
    assertTrue(commands.size() >= 9, commands::toString);
    assertTrue(commands.contains(List.of("--flags", "-XX:UseAVX=2 -XX:+UseG1GC")));
    commands.forEach(words -> assertUnderstood(words, 0));
  }

  @Test
  void otherOptionsAreNot() {
    assertUnderstood(List.of("--only", "everything"), 2);
    assertUnderstood(List.of("--points", "kumiko-int8/b"), 2);
    assertUnderstood(List.of("--flag", "-Xint"), 2);
  }
}
