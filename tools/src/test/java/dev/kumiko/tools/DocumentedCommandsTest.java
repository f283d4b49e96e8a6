package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command of Kumiko that the documentation shows is run, in the order of its page, with small
 * files of the names that it states.
 */
class DocumentedCommandsTest {
  private static final Path TOP = Path.of("..");

  /** Thousands of steps show no more than two; the small models read no more than 64 tokens. */
  private static final Map<String, String> SHORTENED =
      Map.of("--steps", "2", "--epochs", "1", "--batch-size", "2", "--max-tokens", "64");

  /** What takes steps. */
  private static final Set<String> RUNS = Set.of("train", "distil");

  /**
   * What is not run, with the reason. The benchmark is a program of its own, takes minutes, and is
   * not on this class path: {@code DocumentedBenchTest} has its command line read these lines.
   */
  private static final Set<String> NOT_RUN = Set.of("bench");

  /** What takes the default model, which is made of this module, if none is named. */
  private static final Set<String> WITH_MODEL =
      Set.of("embed", "similar", "mine", "pairs", "eval bitext", "eval retrieval");

  private static final Pattern FILE =
      Pattern.compile("[A-Za-z][\\w-]*(\\.(safetensors|npy|csv|txt|tsv|de|en|gold)|/)");

  @TempDir private static Path folder;

  @BeforeAll
  static void writeFiles() throws IOException {
    DocumentedFiles.write(folder);
  }

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(TOP.resolve("README.md")));
    pages.add(TOP.resolve("CONTRIBUTING.md"));
    try (Stream<Path> docs = Files.list(TOP.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    List<Path> shown = new ArrayList<>();
    for (Path page : pages) {
      if (!commands(page).isEmpty()) {
        shown.add(page);
      }
    }
    return shown;
  }

  /** Returns the page's commands that call Kumiko, without what calls it. */
  private static List<ShellLines.Command> commands(Path page) throws IOException {
    // The page on training says in a sentence what these are.
    Map<String, String> variables =
        new HashMap<>(Map.of("M", "minilm.safetensors", "D", "stsb-en-dev.csv"));
    ShellLines shell = new ShellLines(variables);
    List<ShellLines.Command> commands = new ArrayList<>();
    List<String> block = null;
    for (String line : Files.readAllLines(page)) {
      if (line.equals("```sh") || line.equals("```console")) {
        block = new ArrayList<>();
      } else if (line.equals("```") && block != null) {
        for (ShellLines.Command command : shell.read(block)) {
          String first = command.words().getFirst();
          if (first.equals("./kumiko") || first.equals("kumiko")) {
            List<String> words = command.words().subList(1, command.words().size());
            commands.add(new ShellLines.Command(words, command.output()));
          }
        }
        block = null;
      } else if (block != null) {
        block.add(line);
      }
    }
    return commands;
  }

  private static String argument(String before, String value) {
    if (before.equals("--model") && value.equals("default")) {
      return SmallModel.path();
    }
    int named = before.equals("--model") ? value.indexOf('=') + 1 : 0;
    String file = value.substring(named);
    return FILE.matcher(file).matches() ? value.substring(0, named) + folder.resolve(file) : value;
  }

  private static String[] arguments(List<String> words) {
    List<String> arguments = new ArrayList<>();
    String before = "";
    for (String word : words) {
      arguments.add(argument(before, SHORTENED.getOrDefault(before, word)));
      before = word;
    }
    if (RUNS.contains(words.getFirst())) {
      if (!words.contains("--steps") && !words.contains("--epochs")) {
        arguments.addAll(List.of("--steps", SHORTENED.get("--steps")));
      }
      if (!words.contains("--batch-size")) {
        arguments.addAll(List.of("--batch-size", SHORTENED.get("--batch-size")));
      }
    }
    if (words.getFirst().equals("serve")) {
      arguments.add("--learn"); // it answers a request of its own, and ends
      if (!words.contains("--model")) {
        arguments.addAll(List.of("--model", SmallModel.path()));
      }
    }
    for (String command : WITH_MODEL) {
      List<String> name = List.of(command.split(" ", -1));
      if (words.subList(0, Math.min(name.size(), words.size())).equals(name)) {
        arguments.addAll(name.size(), List.of("-m", SmallModel.path()));
      }
    }
    return arguments.toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theCommandsOfAPageWork(Path page) throws IOException {
    for (ShellLines.Command command : commands(page)) {
      if (NOT_RUN.contains(command.words().getFirst())) {
        continue;
      }
      Outcome outcome = Outcome.of(arguments(command.words()));
      assertEquals(0, outcome.code, () -> command.words() + ": " + outcome.err);
      if (!command.output().isEmpty()) {
        Files.write(folder.resolve(command.output()), outcome.bytes);
      }
    }
  }

  @Test
  void thePagesWithCommandsAreKnown() throws IOException {
    List<String> names = pages().stream().map(page -> page.getFileName().toString()).toList();
    assertTrue(
        names.containsAll(
            List.of(
                "README.md",
                "CONTRIBUTING.md",
                "benchmarks.md",
                "search.md",
                "server.md",
                "training.md")),
        names::toString);
    assertTrue(commands(TOP.resolve("docs/training.md")).size() >= 20);
  }

  @Test
  void linesAreReadAsAShellReadsThem() {
    Map<String, String> variables = new HashMap<>(Map.of("M", "model"));
    List<ShellLines.Command> commands =
        new ShellLines(variables)
            .read(
                List.of(
                    "T=\"--a $M --b\"",
                    "kumiko $T \\",
                    "  'two $words' x#y # a comment",
                    "kumiko \"$M and\" > file"));
    List<String> words = List.of("kumiko", "--a", "model", "--b", "two $words", "x#y");
    assertEquals(new ShellLines.Command(words, ""), commands.get(0));
    assertEquals(new ShellLines.Command(List.of("kumiko", "model and"), "file"), commands.get(1));
  }
}
