package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
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
import picocli.CommandLine.ParameterException;

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

  /** Reads the options without running what they ask for. */
  private static void read(List<String> words) {
    PrintStream none =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    BenchCommand.commandLine(none, none).parseArgs(words.toArray(String[]::new));
  }

  private static void assertRefused(String... words) {
    assertThrows(ParameterException.class, () -> read(List.of(words)));
  }

  @Test
  void theOptionsOfThePageAreUnderstood() throws IOException {
    List<List<String>> commands =
        Files.readAllLines(Path.of("..", "docs", "benchmarks.md")).stream()
            .flatMap(DocumentedBenchTest::commands)
            .toList();
    assertTrue(commands.size() >= 9, commands::toString);
    assertTrue(commands.contains(List.of("--flags", "-XX:UseAVX=2 -XX:+UseG1GC")));
    commands.forEach(words -> assertDoesNotThrow(() -> read(words), words::toString));
  }

  @Test
  void otherOptionsAreNot() {
    assertRefused("--only", "everything");
    assertRefused("--points", "kumiko-int8/b");
    assertRefused("--flag", "-Xint");
  }
}
