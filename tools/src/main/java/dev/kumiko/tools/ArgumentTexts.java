package dev.kumiko.tools;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/** Texts from the command line. */
final class ArgumentTexts implements TextSource {
  private final List<String> texts;
  private final int first;
  private boolean done;

  private ArgumentTexts(List<String> texts, int first) {
    this.texts = texts;
    this.first = first;
  }

  /**
   * Takes texts.
   *
   * @param first number of the first one among the command's arguments, from 1
   * @throws IOException if Java could not read one
   */
  static ArgumentTexts of(List<String> texts, int first) throws IOException {
    for (int i = 0; i < texts.size(); i++) {
      check(texts.get(i), first + i);
    }
    return new ArgumentTexts(texts, first);
  }

  /** Java replaces what it cannot decode, and does not say so. */
  static void check(String text, int number) throws IOException {
    if (text.indexOf('\uFFFD') >= 0) {
      throw new CommandFailedException(
          ("argument %d has a character that is not UTF-8, or that the locale's encoding (%s) does"
                  + " not have; set LC_ALL=C.UTF-8, or give the text on standard input")
              .formatted(number, System.getProperty("sun.jnu.encoding")));
    }
  }

  @Override
  public List<String> next() {
    if (done) {
      return List.of();
    }
    done = true;
    return texts;
  }

  @Override
  public String place(long text) {
    return "argument " + (first + text);
  }

  @Override
  public OptionalDouble fraction() {
    return OptionalDouble.empty();
  }

  @Override
  public void close() {}
}
