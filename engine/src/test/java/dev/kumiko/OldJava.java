package dev.kumiko;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** A JVM on this machine that is older than Kumiko needs, but runs what is compiled for 17. */
final class OldJava {
  private static final int FIRST = 17;
  private static final int TOO_NEW = 25;

  private OldJava() {}

  /** Returns the home of one, from the variables and folders where they usually are. */
  static Optional<Path> home() throws IOException {
    for (Path home : homes()) {
      int feature = feature(home);
      if (feature >= FIRST && feature < TOO_NEW && Files.isExecutable(java(home))) {
        return Optional.of(home);
      }
    }
    return Optional.empty();
  }

  static Path java(Path home) {
    String name = System.getProperty("os.name").startsWith("Windows") ? "java.exe" : "java";
    return home.resolve("bin").resolve(name);
  }

  private static List<Path> homes() throws IOException {
    List<Path> homes = new ArrayList<>();
    for (var variable : System.getenv().entrySet()) {
      if (variable.getKey().startsWith("JAVA_HOME") && !variable.getValue().isBlank()) {
        homes.add(Path.of(variable.getValue()));
      }
    }
    Path user = Path.of(System.getProperty("user.home"));
    for (Path folder :
        List.of(
            Path.of(System.getProperty("java.home")).toAbsolutePath().getParent(),
            Path.of("/usr/lib/jvm"),
            Path.of("/usr/java"),
            Path.of("/opt"),
            Path.of("/Library/Java/JavaVirtualMachines"),
            Path.of("C:/Program Files/Java"),
            Path.of("C:/Program Files/Eclipse Adoptium"),
            user.resolve(".sdkman/candidates/java"),
            user.resolve(".jdks"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> found = Files.list(folder)) {
          found
              .sorted()
              .forEach(home -> homes.addAll(List.of(home, home.resolve("Contents/Home"))));
        }
      }
    }
    return homes;
  }

  /** Returns what the JDK's own description says, or 0. */
  private static int feature(Path home) throws IOException {
    Path description = home.resolve("release");
    if (!Files.isReadable(description)) {
      return 0;
    }
    Properties properties = new Properties();
    properties.load(new StringReader(Files.readString(description)));
    String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
    String feature = version.replaceFirst("[^0-9].*", "");
    return feature.isEmpty() ? 0 : Integer.parseInt(feature);
  }
}
