package dev.kumiko.tools.measure;

import dev.kumiko.format.Json;
import dev.kumiko.train.data.Shown;
import dev.kumiko.train.data.Utf8Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Texts with names, as BEIR has queries and documents: lines of JSON with {@code _id}, {@code text}
 * and perhaps {@code title}, or of TSV with a name and a text. A title stands before its text, with
 * a space between them.
 */
public final class NamedTexts {
  private final Path file;
  private final List<String> ids = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final List<Long> lines = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();

  private NamedTexts(Path file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if a line is something else, or a name stands there twice
   */
  public static NamedTexts read(Path file) throws IOException {
    NamedTexts texts = new NamedTexts(file);
    boolean json = file.getFileName().toString().endsWith(".jsonl");
    try (Utf8Lines lines = new Utf8Lines(Files.newInputStream(file), file.toString())) {
      long number = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        number++;
        if (!line.isEmpty()) {
          texts.add(line, number, json);
        }
      }
    }
    if (texts.ids.isEmpty()) {
      throw new MeasureException(file + ": is empty, expected texts with names");
    }
    return texts;
  }

  private void add(String line, long number, boolean json) throws IOException {
    if (json) {
      Json object = Json.parse(file + ": line " + number, line);
      String title = object.find("title").isPresent() ? object.get("title").asString() : "";
      add(
          object.get("_id").asString(),
          (title + " " + object.get("text").asString()).strip(),
          number);
      return;
    }
    int tab = line.indexOf('\t');
    if (tab < 1) {
      throw new MeasureException(
          "%s: line %d is \"%s\", expected a name, a tab and a text"
              .formatted(file, number, Shown.of(line)));
    }
    add(line.substring(0, tab), line.substring(tab + 1).replace('\t', ' ').strip(), number);
  }

  private void add(String id, String text, long line) throws MeasureException {
    Integer earlier = indexes.putIfAbsent(id, ids.size());
    if (earlier != null) {
      throw new MeasureException(
          "%s: line %d has the name \"%s\" again, which line %d has already"
              .formatted(file, line, Shown.of(id), lines.get(earlier)));
    }
    ids.add(id);
    texts.add(text);
    lines.add(line);
  }

  /** Returns those of these names, in the order of the file. */
  public NamedTexts only(Set<String> names) {
    NamedTexts some = new NamedTexts(file);
    for (int i = 0; i < ids.size(); i++) {
      if (names.contains(ids.get(i))) {
        some.indexes.put(ids.get(i), some.ids.size());
        some.ids.add(ids.get(i));
        some.texts.add(texts.get(i));
        some.lines.add(lines.get(i));
      }
    }
    return some;
  }

  /** Returns the file. */
  public Path file() {
    return file;
  }

  /** Returns how many there are. */
  public int count() {
    return ids.size();
  }

  /** Returns whether there is a text of this name. */
  public boolean has(String id) {
    return indexes.containsKey(id);
  }

  /** Returns a text's name. */
  public String id(int index) {
    return ids.get(index);
  }

  /** Returns the texts. */
  public List<String> texts() {
    return List.copyOf(texts);
  }

  /** Returns where a text stands, for messages. */
  public String place(long index) {
    return "%s: line %d".formatted(file, lines.get((int) index));
  }
}
