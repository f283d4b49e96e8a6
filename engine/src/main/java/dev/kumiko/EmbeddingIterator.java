package dev.kumiko;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Consumer;

/**
 * Embeds texts as they are asked for, some at a time. Not safe for concurrent use, and never
 * divided for a stream: what parallel streams would collect in advance has no bound.
 */
final class EmbeddingIterator implements Iterator<Embedding>, Spliterator<Embedding> {
  /** Enough to keep all threads busy, whatever their number. */
  private static final int TEXTS = 512;

  /** Long texts are fewer at a time. */
  private static final int CHARACTERS = 1 << 19;

  private final Embedder embedder;
  private final Iterator<String> texts;
  private final EmbedOptions options;
  private Iterator<Embedding> ready = List.<Embedding>of().iterator();
  private long done;

  EmbeddingIterator(Embedder embedder, Iterator<String> texts, EmbedOptions options) {
    this.embedder = embedder;
    this.texts = Objects.requireNonNull(texts, "texts is null");
    EmbedProgress listener = options.progress();
    this.options =
        options.withProgress((n, all) -> listener.embedded(done + n, EmbedProgress.UNKNOWN));
  }

  @Override
  public boolean hasNext() {
    return ready.hasNext() || texts.hasNext();
  }

  @Override
  public Embedding next() {
    if (!ready.hasNext()) {
      if (!texts.hasNext()) {
        throw new NoSuchElementException("all " + done + " texts have been embedded");
      }
      List<String> some = some();
      ready = embedder.embedAll(some, options).iterator();
      done += some.size();
    }
    return ready.next();
  }

  @Override
  public boolean tryAdvance(Consumer<? super Embedding> action) {
    if (!hasNext()) {
      return false;
    }
    action.accept(next());
    return true;
  }

  @Override
  public void forEachRemaining(Consumer<? super Embedding> action) {
    Iterator.super.forEachRemaining(action);
  }

  @Override
  public Spliterator<Embedding> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return ORDERED | NONNULL | IMMUTABLE;
  }

  private List<String> some() {
    List<String> some = new ArrayList<>();
    long characters = 0;
    while (some.size() < TEXTS && characters < CHARACTERS && texts.hasNext()) {
      String text = Objects.requireNonNull(texts.next(), nullText(done + some.size()));
      some.add(text);
      characters += text.length();
    }
    return some;
  }

  private static String nullText(long index) {
    return "text " + index + " of the stream is null";
  }
}
