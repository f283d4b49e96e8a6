package dev.kumiko.tools;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongFunction;

/** Texts that are in memory already. */
final class ListTexts implements TextSource {
  private static final int BATCH = 512;

  private final List<String> texts;
  private final LongFunction<String> places;
  private int next;

  /**
   * Takes texts.
   *
   * @param places where a text stands, for messages
   */
  ListTexts(List<String> texts, LongFunction<String> places) {
    this.texts = texts;
    this.places = places;
  }

  @Override
  public List<String> next() {
    int from = next;
    next = Math.min(from + BATCH, texts.size());
    return texts.subList(from, next);
  }

  @Override
  public String place(long text) {
    return places.apply(text);
  }

  @Override
  public OptionalDouble fraction() {
    return OptionalDouble.of((double) next / texts.size());
  }

  @Override
  public void close() {}
}
