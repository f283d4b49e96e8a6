package dev.kumiko.allminilm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of Java in the documentation: imports, then statements.
 *
 * @param page the file that shows it
 * @param line the line of the file where it begins, from 1
 * @param lines its lines
 */
record Snippet(Path page, int line, List<String> lines) {
  private static final String BEGIN = "```java";
  private static final String END = "```";

  /** Returns what a page shows. */
  static List<Snippet> of(Path page) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    List<String> all = Files.readAllLines(page);
    int begin = all.indexOf(BEGIN);
    while (begin >= 0) {
      List<String> rest = all.subList(begin + 1, all.size());
      int length = rest.indexOf(END);
      if (length < 0) {
        throw new IOException(page + ": the block of line " + (begin + 1) + " does not end");
      }
      snippets.add(new Snippet(page, begin + 2, List.copyOf(rest.subList(0, length))));
      int next = rest.subList(length, rest.size()).indexOf(BEGIN);
      begin = next < 0 ? -1 : begin + 1 + length + next;
    }
    return snippets;
  }

  /** Returns the name of the class that {@link #source} makes of it. */
  String className() {
    String page = page().getFileName().toString().replaceAll("\\W", "_");
    return page + "_" + line;
  }

  /** Returns a class whose method {@code run} has the statements. */
  String source() {
    StringBuilder source = new StringBuilder();
    lines.stream().filter(Snippet::isImport).forEach(line -> source.append(line).append('\n'));
    source.append("final class ").append(className()).append(" {\n");
    source.append("  private ").append(className()).append("() {}\n");
    source.append("  static void run() throws Exception {\n");
    lines.stream()
        .filter(line -> !isImport(line))
        .forEach(line -> source.append(line).append('\n'));
    return source.append("  }\n}\n").toString();
  }

  private static boolean isImport(String line) {
    return line.startsWith("import ");
  }

  @Override
  public String toString() {
    return page.getFileName() + ":" + line;
  }
}
