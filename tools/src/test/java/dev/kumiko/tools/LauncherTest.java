package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher in a made-up repository that has been built, with made-up JDKs whose {@code
 * java} prints its arguments, and with a PATH that holds only what the launcher needs.
 */
class LauncherTest {
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

  @TempDir private Path folder;

  private final Map<String, String> environment = new TreeMap<>();
  private Path repository;

  /** The programs that can lock, of which a machine has at least one. */
  private List<String> locks;

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
  private void lockWith(String program) throws IOException {
    for (String other : locks) {
      Files.deleteIfExists(folder.resolve("bin").resolve(other));
    }
    wrap(program);
  }

  private static void executable(Path file, String content) throws IOException {
    Files.writeString(file, content);
    assertTrue(file.toFile().setExecutable(true));
  }

  private String jar() throws IOException {
    String pom = Files.readString(repository.resolve("pom.xml"));
    int at = pom.indexOf("<version>") + "<version>".length();
    String version = pom.substring(at, pom.indexOf('<', at));
    return repository + "/tools/target/kumiko-tools-" + version + ".jar";
  }

  private void build() throws IOException {
    Path lib = Files.createDirectories(repository.resolve("tools/target/lib"));
    Files.createFile(lib.resolve("picocli.jar"));
    Files.createFile(Path.of(jar()));
  }

  /** Makes a JDK whose java says which JDK it is of and prints each argument on a line. */
  private Path jdk(String name, String release) throws IOException {
    Path home = folder.resolve(name);
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), release);
    executable(
        bin.resolve("java"),
        "#!/bin/sh\necho %s $LC_ALL; for x; do echo \"$x\"; done; exit 7\n".formatted(name));
    executable(bin.resolve("javac"), "#!/bin/sh\n");
    return home;
  }

  private record Run(int code, List<String> out, String err) {}

  /** A call that has begun. */
  private record Call(Process process, Path out, Path err) {
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

  private Call begin(List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    return new Call(process, out, err);
  }

  private Call begin(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(repository.resolve("kumiko").toString()));
    command.addAll(List.of(arguments));
    return begin(command);
  }

  private Run run(Path script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return begin(command).end();
  }

  private void maven(String script) throws IOException {
    executable(folder.resolve("bin/mvn"), "#!/bin/sh\n" + script);
  }

  /** Builds what the launcher looks for, and says so in a file. */
  private String building() throws IOException {
    return "echo built >>'%s'; mkdir -p '%s/tools/target/lib'; : >'%s'\n"
        .formatted(folder.resolve("builds"), repository, jar());
  }

  private long builds() throws IOException {
    return Files.readAllLines(folder.resolve("builds")).size();
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    jdk("jvm/old", "JAVA_VERSION=\"21.0.2\"\n");
    environment.put("JAVA_HOME", jdk("jdk17", "JAVA_VERSION=\"17.0.9\"\n").toString());
    Run run = run(repository.resolve("kumiko"), "embed", "roof");
    assertEquals(
        "kumiko: JAVA_HOME="
            + folder.resolve("jdk17")
            + " is JDK 17, and 25 or newer is needed\n"
            + "kumiko: needs a JDK 25 or newer, and found none in JAVA_HOME, PATH or the usual folders;"
            + " install one, such as Eclipse Temurin 25 (https://adoptium.net), or point JAVA_HOME"
            + " at it\n",
        run.err);
    assertEquals(1, run.code);
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    Run run = run(repository.resolve("kumiko"), "embed", "roof");
    assertTrue(run.err.startsWith("kumiko: needs Maven 3.8 or newer to build itself; "), run.err);
    assertEquals(1, run.code);
  }

  @Test
  void startsJavaWithWhatItNeeds() throws Exception {
    build();
    environment.put("JAVA_HOME", jdk("jdk25", "X=\"1\"\nJAVA_VERSION=\"25.0.3\"\n").toString());
    environment.put("KUMIKO_JAVA_OPTS", "-Xmx1g -Dx=y");
    Path link = Files.createSymbolicLink(folder.resolve("link"), repository.resolve("kumiko"));
    Run run = run(link, "embed", "two words", "", "*");
    assertEquals("", run.err);
    assertEquals(7, run.code);
    List<String> learning = Files.readAllLines(repository.resolve("target/kumiko-learn.log"));
    assertTrue(
        learning.contains("-XX:ArchiveClassesAtExit=" + repository + "/target/kumiko.jsa.new"));
    assertTrue(Files.exists(repository.resolve("target/kumiko.jsa")));
    assertEquals("jdk25 C.UTF-8", run.out.get(0));
    assertTrue(run.out.contains("--add-modules"), run.out.toString());
    assertTrue(run.out.contains("jdk.incubator.vector"), run.out.toString());
    assertTrue(run.out.contains("--enable-native-access=ALL-UNNAMED"), run.out.toString());
    assertTrue(run.out.contains("-Dkumiko.terminals="), run.out.toString());
    int cp = run.out.indexOf("-cp");
    assertEquals(List.of("-Xmx1g", "-Dx=y"), run.out.subList(cp - 2, cp));
    assertEquals(
        List.of(
            jar() + ":" + repository + "/tools/target/lib/picocli.jar",
            "dev.kumiko.tools.Main",
            "embed",
            "two words",
            "",
            "*"),
        run.out.subList(cp + 1, run.out.size()));
  }

  @Test
  void aServerLearnsFromARequestOfItsOwn() throws Exception {
    build();
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    Run run = run(repository.resolve("kumiko"), "serve", "--port", "0");
    List<String> learning = Files.readAllLines(repository.resolve("target/kumiko-learn.log"));
    String cache = repository + "/target/kumiko-serve.jsa";
    assertTrue(
        learning.contains("-XX:ArchiveClassesAtExit=" + cache + ".new"), learning.toString());
    assertEquals(
        List.of("serve", "--learn"), learning.subList(learning.size() - 2, learning.size()));
    assertTrue(run.out.contains("-XX:SharedArchiveFile=" + cache), run.out.toString());
    assertTrue(run.out.contains("-XX:MaxNewSize=32m"), run.out.toString());
    assertFalse(Files.exists(repository.resolve("target/kumiko.jsa")));
  }

  @Test
  void anotherJdkLearnsAnew() throws Exception {
    build();
    Path script = repository.resolve("kumiko");
    Path home = jdk("jdk25", "JAVA_VERSION=\"25.0.3\"\n");
    environment.put("JAVA_HOME", home.toString());
    Path log = repository.resolve("target/kumiko-learn.log");
    run(script, "embed", "a");
    Files.delete(log);
    run(script, "embed", "a");
    assertFalse(Files.exists(log), "it learnt what it knew");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.4\"\n");
    run(script, "embed", "a");
    assertTrue(Files.exists(log), "updated in its place");
    environment.put("JAVA_HOME", jdk("other", "JAVA_VERSION=\"25.0.4\"\n").toString());
    run(script, "embed", "a");
    assertEquals("other C.UTF-8", Files.readAllLines(log).getFirst());
    Path moved = Files.move(repository, folder.resolve("moved"));
    Files.delete(moved.resolve("target/kumiko-learn.log"));
    run(moved.resolve("kumiko"), "embed", "a");
    assertTrue(Files.exists(moved.resolve("target/kumiko-learn.log")), "moved");
  }

  @Test
  void aFewWordsDoWithoutTheVectorKernels() throws Exception {
    build();
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    Path script = repository.resolve("kumiko");
    String brief = "-XX:AOTCache=" + repository + "/target/kumiko-brief.aot";
    String other = "-XX:SharedArchiveFile=" + repository + "/target/kumiko.jsa";
    for (String command : List.of("embed", "similar", "tokenize")) {
      Run run = run(script, command, "a few words", "and more");
      assertTrue(run.out.contains("-Dkumiko.backend=scalar"), run.out.toString());
      assertTrue(run.out.contains(brief), run.out.toString());
    }
    for (List<String> arguments :
        List.of(
            List.of("embed"),
            List.of("embed", "-i", "texts.txt"),
            List.of("embed", "word ".repeat(50)),
            List.of("eval", "sts"),
            List.<String>of())) {
      Run run = run(script, arguments.toArray(String[]::new));
      assertTrue(run.out.contains("jdk.incubator.vector"), run.out.toString());
      assertTrue(run.out.contains(other), run.out.toString());
    }
    environment.put("KUMIKO_JAVA_OPTS", "-Dkumiko.backend=vector");
    assertTrue(run(script, "embed", "a").out.contains("jdk.incubator.vector"));
  }

  @Test
  void theBenchmarkHasAClassPathOfItsOwn() throws Exception {
    build();
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    executable(
        folder.resolve("bin/mvn"),
        """
        #!/bin/sh
        echo "$@"
        mkdir -p '%1$s/bench/target'
        : >'%1$s/bench/target/%2$s'
        """
            .formatted(
                repository, Path.of(jar()).getFileName().toString().replace("tools", "bench")));
    Run run = run(repository.resolve("kumiko"), "bench", "--only", "start");
    assertTrue(run.err.startsWith("kumiko: building what is missing"), run.err);
    String built = Files.readString(repository.resolve("target/kumiko-build.log"));
    assertTrue(built.contains("-pl tools,bench -am"), built);
    int cp = run.out.indexOf("-cp");
    String bench = jar().replace("tools", "bench") + ":" + repository + "/bench/target/lib/*";
    assertEquals(
        List.of(bench, "dev.kumiko.bench.Main", "--only", "start"),
        run.out.subList(cp + 1, run.out.size()));
    assertEquals("", run(repository.resolve("kumiko"), "bench").err);
  }

  @Test
  void prefersJavaHomeThenPathThenTheUsualFolders() throws Exception {
    build();
    jdk("jvm/jdk26", "JAVA_VERSION=\"26\"\n");
    assertEquals("jvm/jdk26 C.UTF-8", run(repository.resolve("kumiko")).out.get(0));
    Path onPath = jdk("jdk27", "JAVA_VERSION=\"27-ea\"\n");
    Files.createSymbolicLink(folder.resolve("bin/java"), onPath.resolve("bin/java"));
    assertEquals("jdk27 C.UTF-8", run(repository.resolve("kumiko")).out.get(0));
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    environment.put("LC_ALL", "de_DE.UTF-8");
    assertEquals("jdk25 de_DE.UTF-8", run(repository.resolve("kumiko")).out.get(0));
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    build();
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    Path sources = Files.createDirectories(repository.resolve("engine/src/main"));
    Path source = Files.createFile(sources.resolve("Source.java"));
    assertTrue(source.toFile().setLastModified(System.currentTimeMillis() + 60_000));
    executable(folder.resolve("bin/mvn"), "#!/bin/sh\necho broken; echo \"$@\"; exit 1\n");
    Run run = run(repository.resolve("kumiko"), "embed", "roof");
    Path log = repository.resolve("target/kumiko-build.log");
    assertEquals(
        "kumiko: building what is missing; this takes a minute\nkumiko: the build failed; see "
            + log
            + "\n",
        run.err);
    assertEquals(1, run.code);
    assertEquals("broken", Files.readAllLines(log).get(0));
    assertEquals(List.of(), run.out);
    executable(folder.resolve("bin/mvn"), "#!/bin/sh\n");
    assertTrue(source.toFile().setLastModified(System.currentTimeMillis() - 60_000));
    assertTrue(Path.of(jar()).toFile().setLastModified(System.currentTimeMillis() - 120_000));
    assertEquals(7, run(repository.resolve("kumiko")).code);
    assertEquals("", run(repository.resolve("kumiko")).err);
    Path models = repository.resolve("models/all-minilm-l6-v2/target");
    String model = Path.of(jar()).getFileName().toString().replace("tools", "all-minilm-l6-v2");
    Files.createDirectories(models);
    Path old = Files.createFile(models.resolve(model));
    assertTrue(old.toFile().setLastModified(System.currentTimeMillis() - 300_000));
    String building = "kumiko: building what is missing; this takes a minute\n";
    assertEquals(building, run(repository.resolve("kumiko")).err);
    assertEquals("", run(repository.resolve("kumiko")).err);
  }

  @Test
  void aWrongJavaHomeIsNotPassedOverInSilence() throws Exception {
    build();
    Path other = jdk("jvm/jdk 25", "JAVA_VERSION=\"25\"\n");
    environment.put("JAVA_HOME", folder.resolve("nothing").toString());
    Run run = run(repository.resolve("kumiko"), "tokenize", "a");
    assertEquals(
        "kumiko: JAVA_HOME=%s is no JDK: it has no bin/java and bin/javac; using %s%n"
            .formatted(folder.resolve("nothing"), other),
        run.err);
    assertEquals("jvm/jdk 25 C.UTF-8", run.out.get(0));
    environment.put("JAVA_HOME", "");
    assertEquals("", run(repository.resolve("kumiko"), "tokenize", "a").err);
  }

  @Test
  void javaHomeAndLauncherMayBeAnywhere() throws Exception {
    build();
    jdk("a jdk", "JAVA_VERSION=\"25\"\n");
    environment.put("JAVA_HOME", "a jdk");
    environment.put("CDPATH", folder.resolve("elsewhere").toString());
    Files.createDirectories(folder.resolve("elsewhere/links"));
    Path links = Files.createDirectories(folder.resolve("links"));
    Files.createSymbolicLink(links.resolve("first"), Path.of("../a repository/kumiko"));
    Files.createSymbolicLink(links.resolve("second"), Path.of("first"));
    Run run = run(Path.of("links/second"), "tokenize", "a");
    assertEquals("", run.err);
    assertEquals("a jdk C.UTF-8", run.out.get(0));
    assertTrue(run.out.contains(jar() + ":" + repository + "/tools/target/lib/picocli.jar"));
  }

  @Test
  void closedStreamsAreNoneOfTheJvmsFiles() throws Exception {
    build();
    Path home = jdk("jdk25", "JAVA_VERSION=\"25\"\n");
    environment.put("JAVA_HOME", home.toString());
    executable(
        home.resolve("bin/java"),
        """
        #!/bin/sh
        exec 3>'%s'
        (: 4<&0) && (: 4>&1) && (: 4>&2) && echo open >&3
        read -r line || echo nothing to read >&3
        { echo written >&2; } 2>/dev/null
        echo x || echo not written >&3
        """
            .formatted(folder.resolve("seen")));
    for (String closed : List.of("<&-", ">&-", "2>&-", "<&- >&- 2>&-")) {
      String line = "'%s' tokenize a %s".formatted(repository.resolve("kumiko"), closed);
      begin(List.of("sh", "-c", line)).end();
      List<String> expected = new ArrayList<>(List.of("open", "nothing to read"));
      if (closed.contains(" >&-") || closed.startsWith(">")) {
        expected.add("not written");
      }
      assertEquals(expected, Files.readAllLines(folder.resolve("seen")), closed);
    }
  }

  @Test
  void optionsForJavaAreNoPatternsAndTheirCollectorWins() throws Exception {
    build();
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    assertTrue(run(repository.resolve("kumiko")).out.contains("-XX:+UseSerialGC"));
    environment.put("KUMIKO_JAVA_OPTS", "* -XX:+UseParallelGC");
    List<String> out = run(repository.resolve("kumiko")).out;
    assertTrue(out.containsAll(List.of("*", "-XX:+UseParallelGC")), out.toString());
    assertFalse(out.contains("-XX:+UseSerialGC"), out.toString());
  }

  @Test
  void severalAtOnceBuildOnce() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    maven("sleep 1\n" + building());
    for (String program : locks) {
      lockWith(program);
      Files.deleteIfExists(Path.of(jar()));
      Files.deleteIfExists(folder.resolve("builds"));
      List<Call> calls = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        calls.add(begin("tokenize", "a"));
      }
      int waited = 0;
      for (Call call : calls) {
        Run run = call.end();
        assertEquals(7, run.code, run.err);
        waited += run.err.startsWith("kumiko: waiting for process ") ? 1 : 0;
      }
      assertEquals(1, builds(), program);
      assertEquals(4, waited, program);
    }
  }

  @Test
  void whoWaitedForABuildThatFailedBuildsItself() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    Path began = folder.resolve("began");
    maven("echo x >>'%s'; sleep 1; exit 1\n".formatted(began));
    Call first = begin("tokenize", "a");
    await(began);
    Run second = begin("tokenize", "a").end();
    String failed =
        "kumiko: building what is missing; this takes a minute\nkumiko: the build failed; see "
            + repository.resolve("target/kumiko-build.log")
            + "\n";
    assertEquals(failed, first.end().err);
    assertTrue(second.err.endsWith(failed), second.err);
    assertEquals(1, second.code);
    assertEquals(List.of(), second.out);
    assertEquals(2, Files.readAllLines(began).size());
  }

  @Test
  void aKilledBuildHoldsNobodyUp() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    Files.createDirectories(repository.resolve("target/kumiko-lock"));
    Path began = folder.resolve("began");
    // What was killed has written a part of its JAR.
    maven(building() + "echo $$ >'%s'; exec sleep 1000\n".formatted(began));
    Call killed = begin("tokenize", "a");
    await(began);
    ProcessHandle orphan =
        ProcessHandle.of(Long.parseLong(Files.readString(began).strip())).orElseThrow();
    killed.process().destroyForcibly().waitFor();
    maven(building());
    Run run = run(repository.resolve("kumiko"), "tokenize", "a");
    assertEquals("kumiko: building what is missing; this takes a minute\n", run.err);
    assertEquals(7, run.code);
    assertEquals(2, builds());
    orphan.onExit().get(30, TimeUnit.SECONDS);
  }

  @Test
  void whereNothingCanBeWrittenItSaysThatItRunsAnOldBuild() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    // No folder can be made of it, whoever tries.
    Files.createFile(repository.resolve("target"));
    Run run = run(repository.resolve("kumiko"), "tokenize", "a");
    assertEquals("kumiko: cannot build: " + repository + "/target cannot be written\n", run.err);
    assertEquals(1, run.code);
    build();
    run = run(repository.resolve("kumiko"), "tokenize", "a");
    assertEquals("", run.err);
    assertEquals(7, run.code);
    assertTrue(Path.of(jar()).toFile().setLastModified(0));
    run = run(repository.resolve("kumiko"), "tokenize", "a");
    assertEquals(
        "kumiko: the sources have changed since the last build, which runs: %s/target cannot be written%n"
            .formatted(repository),
        run.err);
    assertEquals(7, run.code);
  }

  private static void await(Path file) throws IOException, InterruptedException {
    for (int i = 0; i < 600 && (!Files.exists(file) || Files.size(file) == 0); i++) {
      Thread.sleep(50);
    }
    assertTrue(Files.size(file) > 0);
  }
}
