package dev.kumiko.tools;

import dev.kumiko.train.data.Shown;
import dev.kumiko.train.data.Utf8Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of a file, one text each.
 *
 * @param file where they are
 * @param texts the texts
 * @param ids what the file calls them; empty if their line numbers, from 1, are their names
 */
record TextLines(Path file, List<String> texts, List<String> ids) {
  /** Reads a file of texts, of which there has to be one. */
  static TextLines read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new CommandFailedException(file + ": is a directory, expected a file of texts");
    }
    List<String> texts = new ArrayList<>();
    try (Utf8Lines lines = new Utf8Lines(Files.newInputStream(file), file.toString())) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        texts.add(line);
      }
    }
    if (texts.isEmpty()) {
      throw new CommandFailedException(file + ": is empty, expected texts, one a line");
    }
    return new TextLines(file, texts, List.of());
  }

  /** Reads a file of texts with an id and a tab before each, as those of BUCC. */
  static TextLines readWithIds(Path file) throws IOException {
    List<String> texts = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (String line : read(file).texts()) {
      int number = ids.size() + 1;
      int tab = line.indexOf('\t');
      if (tab < 1) {
        throw new CommandFailedException(
            "%s: line %d is \"%s\", expected an id, a tab and a text"
                .formatted(file, number, Shown.of(line)));
      }
      String id = line.substring(0, tab);
      Integer earlier = numbers.putIfAbsent(id, number);
      if (earlier != null) {
        throw new CommandFailedException(
            "%s: line %d has the id \"%s\", which line %d has already"
                .formatted(file, number, Shown.of(id), earlier));
      }
      ids.add(id);
      texts.add(line.substring(tab + 1));
    }
    return new TextLines(file, texts, ids);
  }

  /** Returns what a line, from 0, is called. */
  String name(int line) {
    return ids.isEmpty() ? Integer.toString(line + 1) : ids.get(line);
  }

  /** Returns the lines, from 0, by what they are called. */
  Map<String, Integer> byName() {
    Map<String, Integer> lines = HashMap.newHashMap(count());
    for (int line = 0; line < count(); line++) {
      lines.put(name(line), line);
    }
    return lines;
  }

  /** Says what the lines are called. */
  String names() {
    return ids.isEmpty()
        ? "lines 1 to " + count()
        : "%,d ids, the first is \"%s\"".formatted(count(), Shown.of(ids.getFirst()));
  }

  int count() {
    return texts.size();
  }

  /** Returns the texts, to be embedded in their order. */
  TextSource source() {
    return new ListTexts(texts, number -> "%s: line %d".formatted(file, number + 1));
  }

  /** Returns which lines are neither empty nor the same as an earlier one. */
  Distinct distinct() {
    Map<String, Integer> first = HashMap.newHashMap(texts.size());
    int[] representatives = new int[texts.size()];
    List<Integer> rows = new ArrayList<>();
    int empty = 0;
    int firstEmpty = -1;
    int repeated = 0;
    int firstRepeated = -1;
    for (int i = 0; i < representatives.length; i++) {
      representatives[i] = -1;
      if (texts.get(i).isBlank()) {
        firstEmpty = empty++ == 0 ? i : firstEmpty;
        continue;
      }
      Integer earlier = first.putIfAbsent(texts.get(i), i);
      representatives[i] = earlier == null ? i : earlier;
      if (earlier == null) {
        rows.add(i);
      } else {
        firstRepeated = repeated++ == 0 ? i : firstRepeated;
      }
    }
    int[] kept = rows.stream().mapToInt(Integer::intValue).toArray();
    return new Distinct(this, kept, representatives, empty, firstEmpty, repeated, firstRepeated);
  }

  /** Lines of which no two are the same. */
  static final class Distinct {
    private final TextLines lines;
    private final int[] rows;
    private final int[] representatives;
    private final int empty;
    private final int firstEmpty;
    private final int repeated;
    private final int firstRepeated;

    private Distinct(
        TextLines lines,
        int[] rows,
        int[] representatives,
        int empty,
        int firstEmpty,
        int repeated,
        int firstRepeated) {
      this.lines = lines;
      this.rows = rows;
      this.representatives = representatives;
      this.empty = empty;
      this.firstEmpty = firstEmpty;
      this.repeated = repeated;
      this.firstRepeated = firstRepeated;
    }

    /** Returns the kept lines' numbers, from 0, in their order. */
    int[] rows() {
      return rows;
    }

    /** Returns the first line with the same text, from 0; -1 for an empty line. */
    int representative(int line) {
      return representatives[line];
    }

    /** Says what lines are not ordinary, and what becomes of them. */
    void say(Streams streams, String ofEmpty, String ofRepeated) {
      if (empty > 0) {
        streams.say(
            "%s: %,d of %,d lines %s empty, the first is line %d; %s"
                .formatted(
                    lines.file, empty, lines.count(), isOrAre(empty), firstEmpty + 1, ofEmpty));
      }
      if (repeated > 0) {
        streams.say(
            "%s: %,d of %,d lines %s an earlier one, the first is line %d; %s"
                .formatted(
                    lines.file,
                    repeated,
                    lines.count(),
                    repeated == 1 ? "repeats" : "repeat",
                    firstRepeated + 1,
                    ofRepeated));
      }
    }

    /** Requires that some lines are left. */
    void requireSome() throws CommandFailedException {
      if (rows.length == 0) {
        throw new CommandFailedException(
            "%s: all %,d lines are empty".formatted(lines.file, lines.count()));
      }
    }

    private static String isOrAre(int count) {
      return count == 1 ? "is" : "are";
    }
  }
}
