package dev.kumiko.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which columns of a file are what: texts (one column), pairs (two), triplets and more negatives
 * (three and more), each with a score or several, a class or neither. Columns either all have names
 * or all have positions; other columns of the file are not looked at. Immutable.
 */
public final class Columns {
  private final List<Column> texts;
  private final List<Column> scores;
  private final Optional<Column> category;
  private final ScoreScale scale;
  private final List<String> categories;

  private Columns(
      List<Column> texts,
      List<Column> scores,
      Optional<Column> category,
      ScoreScale scale,
      List<String> categories) {
    this.texts = List.copyOf(texts);
    this.scores = List.copyOf(scores);
    this.category = category;
    this.scale = scale;
    this.categories = List.copyOf(categories);
    List<Column> all = all();
    if (all.stream().distinct().count() < all.size()) {
      throw new IllegalArgumentException("a column is used twice: " + all);
    }
    if (all.stream().map(column -> column.name() == null).distinct().count() != 1) {
      throw new IllegalArgumentException(
          "columns have either all names or all positions, and there is one at least: " + all);
    }
  }

  /**
   * Texts by the names of their columns.
   *
   * @param texts anchor, positive, negatives
   * @return columns without a label
   */
  public static Columns named(String... texts) {
    return texts(Arrays.stream(texts).map(Column::named).toList());
  }

  /**
   * Texts in the first columns of a file without a header; the only column of plain text.
   *
   * @param texts how many
   * @return columns without a label
   */
  public static Columns first(int texts) {
    return texts(IntStream.rangeClosed(1, texts).mapToObj(Column::at).toList());
  }

  /**
   * Texts by their columns: anchor, positive, negatives.
   *
   * @param texts in this order
   * @return columns without a label
   */
  public static Columns texts(List<Column> texts) {
    return new Columns(texts, List.of(), Optional.empty(), ScoreScale.NONE, List.of());
  }

  /**
   * {@return the same with a score}
   *
   * @param column where it stands
   * @param scale what the score is between
   */
  public Columns withScore(Column column, ScoreScale scale) {
    return withScores(List.of(column), scale);
  }

  /**
   * {@return the same with several scores, such as a teacher's for each text behind the first}
   *
   * @param columns where they stand
   * @param scale what the score is between
   */
  public Columns withScores(List<Column> columns, ScoreScale scale) {
    return new Columns(texts, columns, Optional.empty(), scale, List.of());
  }

  /**
   * {@return the same with a class}
   *
   * @param column where it stands
   * @param names the names of the classes in the order of their numbers; if empty, the file has
   *     numbers from 0
   */
  public Columns withCategory(Column column, List<String> names) {
    return new Columns(texts, List.of(), Optional.of(column), ScoreScale.NONE, names);
  }

  /**
   * Sentence, sentence, score without a header, as the STS benchmark has them.
   *
   * @param scores what the score is between
   * @return three columns: two texts and a score
   */
  public static Columns scoredPairs(ScoreScale scores) {
    return first(2).withScore(Column.at(3), scores);
  }

  /**
   * Returns the columns behind that of the last text.
   *
   * @param count how many columns
   * @return the columns, in their order
   * @throws IllegalArgumentException if the texts' columns have names
   */
  public List<Column> next(int count) {
    if (named()) {
      throw new IllegalArgumentException(
          "the columns of the texts are named (%s), so those of scores or classes have to be, too"
              .formatted(texts));
    }
    int last = texts.stream().mapToInt(Column::position).max().orElse(0);
    return IntStream.rangeClosed(last + 1, last + count).mapToObj(Column::at).toList();
  }

  /** {@return how many texts an example has} */
  public int count() {
    return texts.size();
  }

  /** {@return whether an example has a label: a score or a class} */
  public boolean labelled() {
    return !scores.isEmpty() || category.isPresent();
  }

  ScoreScale scale() {
    return scale;
  }

  boolean named() {
    return texts.getFirst().name() != null;
  }

  List<Column> all() {
    List<Column> all = new ArrayList<>(texts);
    all.addAll(scores);
    category.ifPresent(all::add);
    return all;
  }

  /** Reads an example; scores are as they stand. */
  Example example(Fields fields, String place) throws DataException {
    List<String> values = new ArrayList<>(texts.size());
    for (Column column : texts) {
      String text = fields.text(column);
      if (text.isBlank()) {
        throw new DataException("%s: %s is empty, expected a text".formatted(place, column));
      }
      values.add(text);
    }
    return new Example(values, labels(fields, place));
  }

  private List<Double> labels(Fields fields, String place) throws DataException {
    if (category.isPresent()) {
      return List.of((double) category(fields.label(category.orElseThrow()), place));
    }
    List<Double> labels = new ArrayList<>(scores.size());
    for (Column score : scores) {
      double value = fields.number(score);
      if (!scale.allows(value)) {
        String expected =
            scale.kind() == ScoreScale.Kind.GIVEN
                ? "a number from %s to %s".formatted(scale.lowest(), scale.highest())
                : "a finite number";
        throw new DataException(
            "%s: %s is %s, expected %s".formatted(place, score, value, expected));
      }
      labels.add(value);
    }
    return labels;
  }

  private int category(String label, String place) throws DataException {
    if (!categories.isEmpty()) {
      int number = categories.indexOf(label);
      if (number < 0) {
        throw new DataException(
            "%s: %s is \"%s\", expected one of %s"
                .formatted(place, category.orElseThrow(), Shown.of(label), categories));
      }
      return number;
    }
    try {
      int number = Integer.parseInt(label);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new DataException(
        "%s: %s is \"%s\", expected the number of a class, from 0"
            .formatted(place, category.orElseThrow(), Shown.of(label)));
  }

  @Override
  public String toString() {
    return "texts %s, score %s (%s), class %s %s"
        .formatted(
            texts,
            scores.isEmpty() ? "none" : scores.size() == 1 ? scores.getFirst() : scores,
            scale,
            category.map(Column::toString).orElse("none"),
            categories);
  }
}
