package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When the launcher builds what it runs, and how several calls share a build. */
class LauncherBuildTest extends LauncherFixture {
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
        run.err());
    assertEquals(1, run.code());
    assertEquals("broken", Files.readAllLines(log).get(0));
    assertEquals(List.of(), run.out());
    executable(folder.resolve("bin/mvn"), "#!/bin/sh\n");
    assertTrue(source.toFile().setLastModified(System.currentTimeMillis() - 60_000));
    assertTrue(Path.of(jar()).toFile().setLastModified(System.currentTimeMillis() - 120_000));
    assertEquals(7, run(repository.resolve("kumiko")).code());
    assertEquals("", run(repository.resolve("kumiko")).err());
    Path models = repository.resolve("models/all-minilm-l6-v2/target");
    String model = Path.of(jar()).getFileName().toString().replace("tools", "all-minilm-l6-v2");
    Files.createDirectories(models);
    Path old = Files.createFile(models.resolve(model));
    assertTrue(old.toFile().setLastModified(System.currentTimeMillis() - 300_000));
    String building = "kumiko: building what is missing; this takes a minute\n";
    assertEquals(building, run(repository.resolve("kumiko")).err());
    assertEquals("", run(repository.resolve("kumiko")).err());
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
        assertEquals(7, run.code(), run.err());
        waited += run.err().startsWith("kumiko: waiting for process ") ? 1 : 0;
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
    assertEquals(failed, first.end().err());
    assertTrue(second.err().endsWith(failed), second.err());
    assertEquals(1, second.code());
    assertEquals(List.of(), second.out());
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
    assertEquals("kumiko: building what is missing; this takes a minute\n", run.err());
    assertEquals(7, run.code());
    assertEquals(2, builds());
    orphan.onExit().get(30, TimeUnit.SECONDS);
  }

  @Test
  void whereNothingCanBeWrittenItSaysThatItRunsAnOldBuild() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk25", "JAVA_VERSION=\"25\"\n").toString());
    // No folder can be made of it, whoever tries.
    Files.createFile(repository.resolve("target"));
    Run run = run(repository.resolve("kumiko"), "tokenize", "a");
    assertEquals("kumiko: cannot build: " + repository + "/target cannot be written\n", run.err());
    assertEquals(1, run.code());
    build();
    run = run(repository.resolve("kumiko"), "tokenize", "a");
    assertEquals("", run.err());
    assertEquals(7, run.code());
    assertTrue(Path.of(jar()).toFile().setLastModified(0));
    run = run(repository.resolve("kumiko"), "tokenize", "a");
    assertEquals(
        "kumiko: the sources have changed since the last build, which runs: %s/target cannot be written%n"
            .formatted(repository),
        run.err());
    assertEquals(7, run.code());
  }

  private static void await(Path file) throws IOException, InterruptedException {
    for (int i = 0; i < 600 && (!Files.exists(file) || Files.size(file) == 0); i++) {
      Thread.sleep(50);
    }
    assertTrue(Files.size(file) > 0);
  }
}
