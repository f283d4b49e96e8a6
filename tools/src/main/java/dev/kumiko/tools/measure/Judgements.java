package dev.kumiko.tools.measure;

import dev.kumiko.train.data.Shown;
import dev.kumiko.train.data.Utf8Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How relevant documents are to queries, as people judged: TSV of a query's name, a document's name
 * and a whole number, above 0 for what is relevant; BEIR's has a header.
 */
public final class Judgements {
  private final Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();

  /** Makes judgements that are filled by {@link #add}. */
  Judgements() {}

  /**
   * Reads judgements.
   *
   * @throws IOException if a line is something else, or names a query or a document that is not
   *     there
   */
  public static Judgements read(Path file, NamedTexts queries, NamedTexts corpus)
      throws IOException {
    Judgements judgements = new Judgements();
    try (Utf8Lines lines = new Utf8Lines(Files.newInputStream(file), file.toString())) {
      long number = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        number++;
        String[] fields = line.split("\t", -1);
        boolean header = number == 1 && fields.length == 3 && !isNumber(fields[2]);
        if (line.isEmpty() || header) {
          continue;
        }
        if (fields.length != 3 || !isNumber(fields[2])) {
          throw new MeasureException(
              "%s: line %d is \"%s\", expected a query's name, a document's name and a whole number, with tabs between them"
                  .formatted(file, number, Shown.of(line)));
        }
        require(queries, fields[0], file, number);
        require(corpus, fields[1], file, number);
        judgements.add(fields[0], fields[1], Integer.parseInt(fields[2]));
      }
    }
    if (judgements.grades.isEmpty()) {
      throw new MeasureException(file + ": is empty, expected judgements");
    }
    return judgements;
  }

  private static boolean isNumber(String field) {
    return field.matches("-?\\d{1,9}");
  }

  private static void require(NamedTexts texts, String id, Path file, long number)
      throws MeasureException {
    if (!texts.has(id)) {
      throw new MeasureException(
          "%s: line %d names \"%s\", which %s does not have"
              .formatted(file, number, Shown.of(id), texts.file()));
    }
  }

  /** Adds a judgement; a later one of the same pair replaces it. */
  void add(String query, String document, int grade) {
    grades.computeIfAbsent(query, name -> new LinkedHashMap<>()).put(document, grade);
  }

  /** Returns the names of the queries that have judgements. */
  public Set<String> queries() {
    return grades.keySet();
  }

  /** Returns the grades of a query's documents, by their names. */
  Map<String, Integer> of(String query) {
    return grades.get(query);
  }
}
