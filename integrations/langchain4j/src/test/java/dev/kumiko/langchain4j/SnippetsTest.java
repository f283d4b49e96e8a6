package dev.kumiko.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The page on LangChain4j: its Java is compiled, and run with small models. */
class SnippetsTest {
  private static final Pattern PART =
      Pattern.compile(
          "^## (?<title>[^\\n]*)$|^```java\\n(?<code>.*?)^```$",
          Pattern.MULTILINE | Pattern.DOTALL);

  /** Needs the artifact with the factory; its own test does the same. */
  private static final String COMPILED_ONLY = "Found by itself";

  @TempDir private static Path folder;

  /** A piece of Java under a heading. */
  private record Snippet(String title, int number, String code) {
    String className() {
      return "Snippet" + number;
    }

    List<String> imports() {
      return code.lines().filter(line -> line.startsWith("import ")).toList();
    }

    String body() {
      return code.lines()
          .filter(line -> !line.startsWith("import "))
          .collect(Collectors.joining("\n"));
    }

    /** Returns a class that does what the snippet says. */
    JavaFileObject source() {
      String text =
          String.join("\n", imports())
              + "\npublic final class %s {\n  public static void run() throws Exception {\n%s\n  }\n}\n"
                  .formatted(className(), body());
      URI name = URI.create("string:///" + className() + ".java");
      return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
          return text;
        }
      };
    }
  }

  @BeforeAll
  static void writeModels() throws IOException {
    SmallModels.embedder(folder);
    SmallModels.reranker(folder);
  }

  /** The snippets, with models that exist in the place of those they name. */
  private static List<Snippet> snippets() throws IOException {
    String page = Files.readString(Path.of(System.getProperty("kumiko.page")));
    List<Snippet> snippets = new ArrayList<>();
    String title = "";
    for (Matcher parts = PART.matcher(page); parts.find(); ) {
      if (parts.group("title") != null) {
        title = parts.group("title");
      } else {
        String code =
            parts
                .group("code")
                .replace("\"model.safetensors\"", quoted(folder.resolve("embedder.safetensors")))
                .replace(
                    "\"reranker.safetensors\"", quoted(folder.resolve("reranker.safetensors")));
        snippets.add(new Snippet(title, snippets.size(), code));
      }
    }
    return snippets;
  }

  private static String quoted(Path path) {
    return "\"" + path.toString().replace("\\", "\\\\") + "\"";
  }

  private static void compile(List<Snippet> snippets, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter out = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none",
            "-Xlint:all,-try",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    boolean compiled =
        compiler
            .getTask(
                out, null, null, options, null, snippets.stream().map(Snippet::source).toList())
            .call();
    assertTrue(compiled, out::toString);
    assertEquals("", out.toString());
  }

  @TestFactory
  Stream<DynamicTest> theSnippetsOfThePageAreJavaThatRuns() throws Exception {
    List<Snippet> snippets = snippets();
    assertTrue(snippets.size() >= 7, snippets.size() + " snippets");
    assertTrue(snippets.stream().anyMatch(s -> s.title().equals(COMPILED_ONLY)), COMPILED_ONLY);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    compile(snippets, classes);
    return snippets.stream()
        .filter(snippet -> !snippet.title().equals(COMPILED_ONLY))
        .map(snippet -> DynamicTest.dynamicTest(name(snippet), () -> run(snippet, classes)));
  }

  private static String name(Snippet snippet) {
    return snippet.number() + " " + snippet.title().toLowerCase(Locale.ROOT);
  }

  private static void run(Snippet snippet, Path classes) throws Exception {
    URL[] urls = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, SnippetsTest.class.getClassLoader())) {
      loader.loadClass(snippet.className()).getMethod("run").invoke(null);
    }
  }

  @TestFactory
  Stream<DynamicTest> theSnippetsImportWhatTheyUse() throws Exception {
    return snippets().stream()
        .map(
            snippet ->
                DynamicTest.dynamicTest(
                    name(snippet),
                    () ->
                        assertEquals(
                            List.of(),
                            snippet.imports().stream()
                                .filter(line -> !uses(snippet.body(), line))
                                .toList())));
  }

  private static boolean uses(String body, String importLine) {
    String simple = importLine.replaceAll(".*\\.|;$", "");
    return Arrays.asList(body.split("\\W+", -1)).contains(simple);
  }
}
