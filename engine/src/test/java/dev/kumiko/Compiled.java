package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles small sources, for classes that must not be on the class path of the tests. */
final class Compiled {
  private Compiled() {}

  /**
   * Compiles sources.
   *
   * @param folder for sources and classes
   * @param options for javac, without {@code -d}
   * @param sources texts by file names such as {@code some/Type.java}
   * @return the class files by their names, such as {@code some/Type.class}
   */
  static Map<String, byte[]> compile(Path folder, List<String> options, Map<String, String> sources)
      throws IOException {
    Path classes = Files.createTempDirectory(folder, "classes");
    Path texts = Files.createTempDirectory(folder, "sources");
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = texts.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, source.getValue()));
    }
    List<String> all = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
    all.addAll(options);
    StringWriter messages = new StringWriter();
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
      boolean good =
          javac
              .getTask(
                  messages, manager, null, all, null, manager.getJavaFileObjectsFromPaths(files))
              .call();
      assertTrue(good, messages.toString());
    }
    return JarFiles.content(classes);
  }
}
