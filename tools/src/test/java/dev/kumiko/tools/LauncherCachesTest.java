package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the launcher keeps of one run of java, so that the others start faster. */
class LauncherCachesTest extends LauncherFixture {
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
    assertTrue(run.out().contains("-XX:SharedArchiveFile=" + cache), run.out().toString());
    assertTrue(run.out().contains("-XX:MaxNewSize=32m"), run.out().toString());
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
      assertTrue(run.out().contains("-Dkumiko.backend=scalar"), run.out().toString());
      assertTrue(run.out().contains(brief), run.out().toString());
    }
    for (List<String> arguments :
        List.of(
            List.of("embed"),
            List.of("embed", "-i", "texts.txt"),
            List.of("embed", "word ".repeat(50)),
            List.of("eval", "sts"),
            List.<String>of())) {
      Run run = run(script, arguments.toArray(String[]::new));
      assertTrue(run.out().contains("jdk.incubator.vector"), run.out().toString());
      assertTrue(run.out().contains(other), run.out().toString());
    }
    environment.put("KUMIKO_JAVA_OPTS", "-Dkumiko.backend=vector");
    assertTrue(run(script, "embed", "a").out().contains("jdk.incubator.vector"));
  }
}
