package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever starts an application with an older Java is told which one Kumiko needs. */
class RequiredJavaTest {
  private static final int JAVA_17 = 61;

  @TempDir Path folder;

  /** Returns the names of the classes that the build compiles for Java 17. */
  private static List<String> listed() throws IOException {
    return Files.readAllLines(Path.of("src/build/java17")).stream()
        .map(line -> line.replace("src/main/java/", "").replace(".java", "").replace('/', '.'))
        .toList();
  }

  private static int classFileVersion(String type) throws IOException {
    String name = type.replace('.', '/') + ".class";
    try (DataInputStream in =
        new DataInputStream(Embedder.class.getClassLoader().getResourceAsStream(name))) {
      in.skipNBytes(6);
      return in.readUnsignedShort();
    }
  }

  @Test
  void whatAnApplicationTouchesFirstIsCompiledForJava17() throws IOException {
    assertTrue(listed().contains(RequiredJava.class.getName()), listed().toString());
    for (String type : listed()) {
      assertEquals(JAVA_17, classFileVersion(type), type);
    }
    assertNotEquals(JAVA_17, classFileVersion(Embedding.class.getName()));
  }

  @Test
  void thisJavaIsNewEnough() {
    assertDoesNotThrow(() -> RequiredJava.check());
    assertDoesNotThrow(() -> RequiredJava.check(Runtime.Version.parse("25"), "/a"));
  }

  @Test
  void theMessageNamesBothVersionsAndThePlace() {
    UnsupportedClassVersionError e =
        assertThrows(
            UnsupportedClassVersionError.class,
            () -> RequiredJava.check(Runtime.Version.parse("24.0.1+9"), "/opt/java"));
    assertTrue(
        e.getMessage()
            .startsWith("Kumiko needs Java 25 or newer; this is Java 24.0.1+9 at /opt/java; "),
        e.getMessage());
  }

  @Test
  void anOlderJavaSaysWhichOneIsNeeded() throws Exception {
    Optional<Path> home = OldJava.home();
    assumeTrue(home.isPresent(), "skipped: found no Java from 17 to 24 in the usual folders");
    Map<String, String> calls = new TreeMap<>();
    for (String type : listed()) {
      calls.put(type, type.endsWith(".RequiredJava") ? "check()" : "builder()");
    }
    for (Map.Entry<String, String> call : calls.entrySet()) {
      String printed = run(home.get(), call.getKey() + "." + call.getValue());
      assertAll(
          () -> assertTrue(printed.contains("Kumiko needs Java 25 or newer"), printed),
          () -> assertTrue(printed.contains(" at " + home.get().toRealPath()), printed));
    }
  }

  /** Returns what a call prints there, from a class that is compiled for it. */
  private String run(Path home, String call) throws IOException, InterruptedException {
    String source =
        "package dev.kumiko; public class Caller { public static void main(String[] args) { "
            + call
            + "; } }";
    String here = System.getProperty("java.class.path");
    Map<String, byte[]> classes =
        Compiled.compile(
            folder, List.of("--release", "17", "-cp", here), Map.of("Caller.java", source));
    Path compiled = Files.createTempDirectory(folder, "caller");
    Path file = compiled.resolve("dev/kumiko/Caller.class");
    Files.createDirectories(file.getParent());
    Files.write(file, classes.get("dev/kumiko/Caller.class"));
    Path out = folder.resolve("out.txt");
    Process process =
        new ProcessBuilder(
                OldJava.java(home).toString(),
                "-cp",
                compiled + File.pathSeparator + here,
                "dev.kumiko.Caller")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertEquals(1, process.waitFor(), Files.readString(out));
    return Files.readString(out, StandardCharsets.UTF_8);
  }
}
