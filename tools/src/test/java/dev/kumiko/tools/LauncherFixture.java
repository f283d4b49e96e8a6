package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher in a made-up repository that has been built, with made-up JDKs whose {@code
 * java} prints its arguments, and with a PATH that holds only what the launcher needs.
 */
abstract class LauncherFixture {
  private static final List<String> PROGRAMS =
      List.of(
          "sh",
          "sed",
          "dirname",
          "readlink",
          "find",
          "head",
          "mkdir",
          "rm",
          "touch",
          "mv",
          "sleep");

  @TempDir Path folder;

  final Map<String, String> environment = new TreeMap<>();
  Path repository;

  /** The programs that can lock, of which a machine has at least one. */
  List<String> locks;

  @BeforeEach
  void makeRepository() throws IOException {
    repository = Files.createDirectories(folder.resolve("a repository"));
    Files.copy(Path.of("..", "pom.xml"), repository.resolve("pom.xml"));
    // The usual folders are in the test's own folder, so that no real JDK is found.
    String script = Files.readString(Path.of("..", "kumiko"));
    assertTrue(script.contains("in /usr/lib/jvm/*"), "the search has changed");
    script =
        script
            .replace("/usr/lib/jvm/*", folder.resolve("jvm") + "/*")
            .replace(" /usr/java/*", "")
            .replace(" /opt/* /opt/*/*", "")
            .replace("/Library/Java/JavaVirtualMachines/*/Contents/Home", "");
    executable(repository.resolve("kumiko"), script);
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String program : PROGRAMS) {
      wrap(program);
    }
    locks = Stream.of("flock", "perl").filter(program -> find(program).isPresent()).toList();
    lockWith(locks.getFirst());
    environment.put("PATH", bin.toString());
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("LC_ALL", "C");
  }

  private static Optional<Path> find(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void wrap(String program) throws IOException {
    executable(
        folder.resolve("bin").resolve(program),
        "#!/bin/sh\nexec " + find(program).orElseThrow() + " \"$@\"\n");
  }

  /** Leaves this one of the programs that can lock. */
  void lockWith(String program) throws IOException {
    for (String other : locks) {
      Files.deleteIfExists(folder.resolve("bin").resolve(other));
    }
    wrap(program);
  }

  static void executable(Path file, String content) throws IOException {
    Files.writeString(file, content);
    assertTrue(file.toFile().setExecutable(true));
  }

  String jar() throws IOException {
    String pom = Files.readString(repository.resolve("pom.xml"));
    int at = pom.indexOf("<version>") + "<version>".length();
    String version = pom.substring(at, pom.indexOf('<', at));
    return repository + "/tools/target/kumiko-tools-" + version + ".jar";
  }

  void build() throws IOException {
    Path lib = Files.createDirectories(repository.resolve("tools/target/lib"));
    Files.createFile(lib.resolve("picocli.jar"));
    Files.createFile(Path.of(jar()));
  }

  /** Makes a JDK whose java says which JDK it is of and prints each argument on a line. */
  Path jdk(String name, String release) throws IOException {
    Path home = folder.resolve(name);
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), release);
    executable(
        bin.resolve("java"),
        "#!/bin/sh\necho %s $LC_ALL; for x; do echo \"$x\"; done; exit 7\n".formatted(name));
    executable(bin.resolve("javac"), "#!/bin/sh\n");
    return home;
  }

  record Run(int code, List<String> out, String err) {}

  /** A call that has begun. */
  record Call(Process process, Path out, Path err) {
    Run end() throws IOException, InterruptedException {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end; it says: " + Files.readString(err));
      }
      return new Run(
          process.exitValue(),
          Files.readAllLines(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    }
  }

  Call begin(List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    return new Call(process, out, err);
  }

  Call begin(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(repository.resolve("kumiko").toString()));
    command.addAll(List.of(arguments));
    return begin(command);
  }

  Run run(Path script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return begin(command).end();
  }

  void maven(String script) throws IOException {
    executable(folder.resolve("bin/mvn"), "#!/bin/sh\n" + script);
  }

  /** Builds what the launcher looks for, and says so in a file. */
  String building() throws IOException {
    return "echo built >>'%s'; mkdir -p '%s/tools/target/lib'; : >'%s'\n"
        .formatted(folder.resolve("builds"), repository, jar());
  }

  long builds() throws IOException {
    return Files.readAllLines(folder.resolve("builds")).size();
  }
}
