package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Compares the text of the launcher for Windows, which runs nowhere else, with the shell script's.
 */
class WindowsLauncherTest {
  private static final Pattern OPTION =
      Pattern.compile(
          "(?<=[ =\"])(-XX:[+\\w]+(=\\w+)?|-Xm\\w+|-Xlog:[\\w:=,]+|--add-modules [\\w.]+"
              + "|--[a-z]+-[a-z-]+=[\\w-]+|-D[\\w.]+(=\\w+)?|-pl|-am|-cp|-q|-B|-f)(?=[ \"=)]|$)",
          Pattern.MULTILINE);

  /**
   * Those of the JVM's caches and of the start that goes with it, and of what a shell alone knows.
   */
  private static final Set<String> OF_THE_SHELL =
      Set.of(
          "-XX:AOTCache",
          "-XX:AOTCacheOutput",
          "-XX:ArchiveClassesAtExit",
          "-XX:SharedArchiveFile",
          "-Xlog:aot=off,cds=off:stderr",
          "-Dkumiko.backend=scalar",
          "-Dkumiko.terminals");

  private String shell;
  private String windows;

  @BeforeEach
  void read() throws IOException {
    shell = Files.readString(Path.of("..", "kumiko"));
    windows = Files.readString(Path.of("..", "kumiko.cmd"));
  }

  private static Set<String> options(String script) {
    Set<String> options = new TreeSet<>();
    Matcher matcher = OPTION.matcher(script.replaceAll("(?m)^ *(#|rem ).*$", ""));
    while (matcher.find()) {
      options.add(matcher.group(1));
    }
    return options;
  }

  private static String only(String regex, String script) {
    Matcher matcher = Pattern.compile(regex, Pattern.MULTILINE).matcher(script);
    assertTrue(matcher.find(), "nothing like " + regex);
    return matcher.group(1).trim();
  }

  @Test
  void bothGiveJavaAndMavenTheSameOptions() {
    Set<String> expected = options(shell);
    assertTrue(expected.containsAll(OF_THE_SHELL), expected.toString());
    assertTrue(
        expected.containsAll(
            Set.of(
                "--add-modules jdk.incubator.vector",
                "-XX:MaxNewSize=32m",
                "-XX:+UseSerialGC",
                "-Dmaven.test.skip=true",
                "-Xms8m")),
        expected.toString());
    expected.removeAll(OF_THE_SHELL);
    assertEquals(expected, options(windows));
  }

  @Test
  void bothNeedTheSameJdk() {
    assertEquals(only("^needed=(\\d+)$", shell), only("^set needed=(\\d+)\\s*$", windows));
  }

  @Test
  void bothKeepLittleThatIsYoungForTheSameCommands() {
    String commands = only("^  (embed \\|.*)\\) flags=.*MaxNewSize", shell);
    assertEquals(commands.replace(" | ", " "), only("\\((embed .*?)\\) do .*MaxNewSize", windows));
  }

  @Test
  void bothLeaveTheChoiceOfACollectorToTheUser() {
    Set<String> known = new TreeSet<>();
    Matcher matcher = Pattern.compile("\\*-XX:\\+Use(\\w+)GC\\*").matcher(shell);
    while (matcher.find()) {
      known.add(matcher.group(1));
    }
    assertFalse(known.isEmpty());
    String names = only("for %%G in \\((.*?)\\) do", windows);
    assertEquals(known, new TreeSet<>(List.of(names.split(" ", -1))));
  }

  @Test
  void bothStartTheSameClasses() {
    for (String name : List.of("dev.kumiko.tools.Main", "dev.kumiko.bench.Main")) {
      assertTrue(shell.contains(name), name);
      assertTrue(windows.contains(name), name);
    }
  }

  @Test
  void theLauncherForWindowsIsAsciiWithItsLineEnds() {
    assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(windows));
    assertEquals(windows.replace("\r\n", "\n").replace("\n", "\r\n"), windows);
  }

  @Test
  void everyLabelThatIsCalledIsThere() {
    Set<String> labels = new TreeSet<>();
    Matcher label = Pattern.compile("^:(\\w+)\\r?$", Pattern.MULTILINE).matcher(windows);
    while (label.find()) {
      labels.add(label.group(1));
    }
    Set<String> used = new TreeSet<>();
    Matcher use = Pattern.compile("(?:call :|goto )(\\w+)").matcher(windows);
    while (use.find()) {
      used.add(use.group(1));
    }
    used.add("measure");
    assertEquals(labels, used);
  }
}
