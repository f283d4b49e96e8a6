package dev.kumiko.examples.plainjava;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application as modules. */
class LinkedImageTest {
  private static final String VECTOR = "jdk.incubator.vector";
  private static final String APPLICATION = "dev.kumiko.examples.plainjava";

  @TempDir Path folder;

  private static String modulePath() {
    return Program.application() + File.pathSeparator + Program.libraries();
  }

  @Test
  void anImageWithTheModelInsideRuns() throws Exception {
    Path image = folder.resolve("image");
    Program program = new Program(folder);
    program.run(
        Program.ofJdk("jlink"),
        "--module-path",
        modulePath(),
        "--add-modules",
        APPLICATION + "," + VECTOR,
        "--add-options=--add-modules=" + VECTOR,
        "--output",
        image.toString());
    List<String> modules = program.run(image.resolve("bin/java").toString(), "--list-modules");
    assertEquals(
        List.of(
            "dev.kumiko.allminilm",
            "dev.kumiko.engine",
            APPLICATION,
            "dev.kumiko.format",
            "java.base",
            VECTOR,
            "tools.jackson.core"),
        modules.stream().map(line -> line.replaceAll("@.*", "")).sorted().toList());
    List<String> found =
        program.run(
            image.resolve("bin/java").toString(),
            "-m",
            APPLICATION + "/" + Search.class.getName(),
            "Which wood is cheap?");
    assertEquals("Which wood is cheap?", found.getFirst());
    assertTrue(found.get(1).contains("Spruce is light, straight and cheap"), found::toString);
  }

  @Test
  void kumikoNeedsTheJdkAndJacksonCoreAlone() throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Program.ofJdk("jdeps"), "-summary", "--multi-release", "base"));
    command.addAll(List.of("--add-modules", VECTOR + ",dev.kumiko.allminilm"));
    command.addAll(List.of("--module-path", Program.libraries().toString()));
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(Program.libraries(), "kumiko-*")) {
      jars.forEach(jar -> command.add(jar.toString()));
    }
    List<String> lines = new Program(folder).run(command.toArray(String[]::new));
    TreeSet<String> needed = new TreeSet<>();
    for (String line : lines) {
      String[] both = line.strip().split(" -> ", -1);
      if (both[0].startsWith("dev.kumiko.")) {
        needed.add(both[1]);
      }
    }
    assertEquals(
        List.of(
            "dev.kumiko.engine", "dev.kumiko.format", "java.base", VECTOR, "tools.jackson.core"),
        List.copyOf(needed),
        lines::toString);
  }
}
