package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which java the launcher starts, with what. */
class LauncherTest extends LauncherFixture {
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
        run.err());
    assertEquals(1, run.code());
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    Run run = run(repository.resolve("kumiko"), "embed", "roof");
    assertTrue(
        run.err().startsWith("kumiko: needs Maven 3.8 or newer to build itself; "), run.err());
    assertEquals(1, run.code());
  }

  @Test
  void startsJavaWithWhatItNeeds() throws Exception {
    build();
    environment.put("JAVA_HOME", jdk("jdk25", "X=\"1\"\nJAVA_VERSION=\"25.0.3\"\n").toString());
    environment.put("KUMIKO_JAVA_OPTS", "-Xmx1g -Dx=y");
    Path link = Files.createSymbolicLink(folder.resolve("link"), repository.resolve("kumiko"));
    Run run = run(link, "embed", "two words", "", "*");
    assertEquals("", run.err());
    assertEquals(7, run.code());
    List<String> learning = Files.readAllLines(repository.resolve("target/kumiko-learn.log"));
    assertTrue(
        learning.contains("-XX:ArchiveClassesAtExit=" + repository + "/target/kumiko.jsa.new"));
    assertTrue(Files.exists(repository.resolve("target/kumiko.jsa")));
    assertEquals("jdk25 C.UTF-8", run.out().get(0));
    assertTrue(run.out().contains("--add-modules"), run.out().toString());
    assertTrue(run.out().contains("jdk.incubator.vector"), run.out().toString());
    assertTrue(run.out().contains("--enable-native-access=ALL-UNNAMED"), run.out().toString());
    assertTrue(run.out().contains("-Dkumiko.terminals="), run.out().toString());
    int cp = run.out().indexOf("-cp");
    assertEquals(List.of("-Xmx1g", "-Dx=y"), run.out().subList(cp - 2, cp));
    assertEquals(
        List.of(
            jar() + ":" + repository + "/tools/target/lib/picocli.jar",
            "dev.kumiko.tools.Main",
            "embed",
            "two words",
            "",
            "*"),
        run.out().subList(cp + 1, run.out().size()));
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
    assertTrue(run.err().startsWith("kumiko: building what is missing"), run.err());
    String built = Files.readString(repository.resolve("target/kumiko-build.log"));
    assertTrue(built.contains("-pl tools,bench -am"), built);
    int cp = run.out().indexOf("-cp");
    String bench = jar().replace("tools", "bench") + ":" + repository + "/bench/target/lib/*";
    assertEquals(
        List.of(bench, "dev.kumiko.bench.Main", "--only", "start"),
        run.out().subList(cp + 1, run.out().size()));
    assertEquals("", run(repository.resolve("kumiko"), "bench").err());
  }

  @Test
  void prefersJavaHomeThenPathThenTheUsualFolders() throws Exception {
    build();
    jdk("jvm/jdk26", "JAVA_VERSION=\"26\"\n");
    assertEquals("jvm/jdk26 C.UTF-8", run(repository.resolve("kumiko")).out().get(0));
    Path onPath = jdk("jdk27", "JAVA_VERSION=\"27-ea\"\n");
    Files.createSymbolicLink(folder.resolve("bin/java"), onPath.resolve("bin/java"));
    assertEquals("jdk27 C.UTF-8", run(repository.resolve("kumiko")).out().get(0));
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    environment.put("LC_ALL", "de_DE.UTF-8");
    assertEquals("jdk25 de_DE.UTF-8", run(repository.resolve("kumiko")).out().get(0));
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
        run.err());
    assertEquals("jvm/jdk 25 C.UTF-8", run.out().get(0));
    environment.put("JAVA_HOME", "");
    assertEquals("", run(repository.resolve("kumiko"), "tokenize", "a").err());
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
    assertEquals("", run.err());
    assertEquals("a jdk C.UTF-8", run.out().get(0));
    assertTrue(run.out().contains(jar() + ":" + repository + "/tools/target/lib/picocli.jar"));
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
    assertTrue(run(repository.resolve("kumiko")).out().contains("-XX:+UseSerialGC"));
    environment.put("KUMIKO_JAVA_OPTS", "* -XX:+UseParallelGC");
    List<String> out = run(repository.resolve("kumiko")).out();
    assertTrue(out.containsAll(List.of("*", "-XX:+UseParallelGC")), out.toString());
    assertFalse(out.contains("-XX:+UseSerialGC"), out.toString());
  }
}
