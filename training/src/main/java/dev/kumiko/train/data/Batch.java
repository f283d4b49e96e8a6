package dev.kumiko.train.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Examples of one file that are learnt from at once. Immutable. */
public final class Batch {
  private final DataFile file;
  private final List<Integer> numbers;
  private final List<Example> examples;

  Batch(DataFile file, List<Integer> numbers, List<Example> examples) {
    this.file = file;
    this.numbers = List.copyOf(numbers);
    this.examples = List.copyOf(examples);
  }

  /** {@return the file that all examples are from} */
  public DataFile file() {
    return file;
  }

  /** {@return how many examples there are} */
  public int size() {
    return examples.size();
  }

  /** {@return the examples} */
  public List<Example> examples() {
    return examples;
  }

  /** {@return the number of each example in its file, from 0} */
  public List<Integer> numbers() {
    return numbers;
  }

  /**
   * {@return the texts of a column}
   *
   * @param column from 0: anchors, positives, negatives
   */
  public List<String> texts(int column) {
    return examples.stream().map(example -> example.texts().get(column)).toList();
  }

  /** {@return the labels, {@code [examples][labels of an example]}; empty if there are none} */
  public double[] labels() {
    return examples.stream()
        .flatMap(example -> example.labels().stream())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  /**
   * {@return file and line of each example for messages; reads the file for each of them}
   *
   * @throws IOException if reading fails
   */
  public List<String> places() throws IOException {
    List<String> places = new ArrayList<>();
    for (int number : numbers) {
      places.add(file.place(number));
    }
    return places;
  }
}
