package dev.kumiko.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on Spring says what is so. */
class DocumentationTest {
  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern CLASS = Pattern.compile("class (\\w+)");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(kumiko\\.[a-z.-]+)` \\|");

  private static String page() throws IOException {
    return Files.readString(
        Path.of(System.getProperty("kumiko.docs"), "integrations", "spring.md"));
  }

  @Test
  void everySnippetCompiles(@TempDir Path folder) throws IOException {
    List<Path> sources = new ArrayList<>();
    Matcher snippet = JAVA.matcher(page());
    while (snippet.find()) {
      Matcher name = CLASS.matcher(snippet.group(1));
      assertThat(name.find()).as(snippet.group(1)).isTrue();
      Path source = folder.resolve(name.group(1) + ".java");
      sources.add(Files.writeString(source, snippet.group(1), StandardCharsets.UTF_8));
    }
    assertThat(sources).hasSizeGreaterThan(3);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-parameters",
              "-d",
              folder.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      boolean done =
          compiler
              .getTask(
                  messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(done).as(messages.toString()).isTrue();
    }
  }

  @Test
  void everyPropertyIsInTheTable() throws IOException {
    List<String> rows = ROW.matcher(page()).results().map(row -> row.group(1)).toList();
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            MetadataTest.described().keySet().stream()
                .filter(name -> name.startsWith("kumiko."))
                .toList());
  }
}
