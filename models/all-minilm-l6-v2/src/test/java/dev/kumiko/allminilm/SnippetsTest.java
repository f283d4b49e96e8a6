package dev.kumiko.allminilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All Java that the documentation shows is compiled, without a warning, and run in a folder with
 * the files that it names. (The pages on integrations have tests where those are.)
 */
class SnippetsTest {
  private static final Path TOP = Path.of("..", "..");
  private static final Path RERANKER =
      TOP.resolve("tools/src/test/resources/cross-encoders/bert-reranker");

  @TempDir private Path folder;

  private static List<Snippet> snippets() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(TOP.resolve("README.md")));
    try (Stream<Path> docs = Files.list(TOP.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    List<Snippet> snippets = new ArrayList<>();
    for (Path page : pages) {
      snippets.addAll(Snippet.of(page));
    }
    return snippets;
  }

  /** Compiles snippets, and a program that runs them one after another. */
  private String compile(List<Snippet> snippets) throws IOException {
    StringBuilder all = new StringBuilder("final class All {\n");
    all.append("  private All() {}\n  static void main() throws Exception {\n");
    List<Path> sources = new ArrayList<>();
    for (Snippet snippet : snippets) {
      sources.add(write(snippet.className(), snippet.source()));
      all.append("    System.out.println(\"# %s\");\n".formatted(snippet));
      all.append("    %s.run();\n".formatted(snippet.className()));
    }
    sources.add(write("All", all.append("  }\n}\n").toString()));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertNotNull(compiler, "this is no JDK");
    StringWriter messages = new StringWriter();
    List<String> options = new ArrayList<>(List.of("-Xlint:all,-path", "-Werror", "-proc:none"));
    options.addAll(List.of("-d", folder.toString()));
    options.addAll(List.of("-cp", System.getProperty("java.class.path")));
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      compiler
          .getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
          .call();
    }
    return messages.toString();
  }

  private Path write(String name, String source) throws IOException {
    return Files.writeString(folder.resolve(name + ".java"), source);
  }

  private String java(String classPath, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp", classPath));
    command.addAll(List.of(arguments));
    File out = folder.resolve("out.log").toFile();
    File err = folder.resolve("err.log").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Process process = builder.redirectOutput(out).redirectError(err).start();
    assertEquals(0, process.waitFor(), () -> read(err));
    return read(out);
  }

  private static String read(File file) {
    try {
      return Files.readString(file.toPath());
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The files that snippets name. */
  private void writeFiles() throws IOException, InterruptedException, URISyntaxException {
    Path model =
        Path.of(getClass().getResource("/META-INF/kumiko/default-model.safetensors").toURI());
    Files.copy(model, folder.resolve("model.safetensors"));
    Files.write(
        folder.resolve("texts.txt"), IntStream.range(0, 40).mapToObj(i -> "line " + i).toList());
    java(
        absolute(),
        "dev.kumiko.tools.Main",
        "convert",
        RERANKER.toAbsolutePath().toString(),
        "reranker.safetensors");
  }

  private static String absolute() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void allJavaOfTheDocumentationCompilesAndRuns()
      throws IOException, InterruptedException, URISyntaxException {
    List<Snippet> snippets = snippets();
    assertEquals("", compile(snippets));
    writeFiles();
    String out = java(folder + File.pathSeparator + absolute(), "All");
    Map<String, List<String>> printed = printed(out);
    assertEquals(snippets.size(), printed.size(), out);

    List<String> readme = output(printed, "README.md", 0);
    assertTrue(
        Double.parseDouble(readme.get(0)) > Double.parseDouble(readme.get(1)), readme::toString);
    // Of the stream each line has a vector; 50 sentences have more tokens than one chunk.
    assertEquals(40, output(printed, "getting-started.md", 3).size());
    assertTrue(output(printed, "getting-started.md", 4).size() > 1, out);
    List<String> best = output(printed, "getting-started.md", 5);
    assertTrue(best.getFirst().contains("A purlin carries"), best::toString);
    // A text in its own words and its own ids is the same text.
    assertEquals(1, Double.parseDouble(output(printed, "getting-started.md", 6).getFirst()), 1e-6);
    List<String> found = output(printed, "search.md", 0);
    assertTrue(found.getFirst().endsWith(" Ash bends well."), found::toString);
    assertEquals(found.get(0), found.get(1));
  }

  /** Returns the lines behind each snippet's name. */
  private static Map<String, List<String>> printed(String out) {
    return Stream.of(out.split("(?m)^# ", -1))
        .skip(1)
        .map(part -> part.lines().toList())
        .collect(Collectors.toMap(List::getFirst, lines -> lines.subList(1, lines.size())));
  }

  private static List<String> output(Map<String, List<String>> printed, String page, int number) {
    return printed.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(page + ":"))
        .sorted(
            (a, b) ->
                Integer.compare(
                    Integer.parseInt(a.getKey().substring(page.length() + 1)),
                    Integer.parseInt(b.getKey().substring(page.length() + 1))))
        .toList()
        .get(number)
        .getValue();
  }

  @Test
  void javaThatDoesNotCompileIsNoticed() throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), "```java\nint a = \"b\";\n```\n");
    String messages = compile(Snippet.of(page));
    assertTrue(messages.contains("page_md_2.java:4: error: incompatible types"), messages);
  }
}
