package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Prompt;
import dev.kumiko.TextTooLongException;
import dev.kumiko.UnusableModelException;
import java.io.IOException;
import java.util.List;

/** Embeds a source's texts batch by batch, watches over them, and reports on the way. */
final class BatchEmbedder {
  /** Takes the results of a batch. */
  @FunctionalInterface
  interface Sink {
    /** Takes one text and its embedding. */
    void accept(String text, Embedding embedding) throws IOException;

    /** Called after each batch. */
    default void endBatch() throws IOException {}
  }

  private final Embedder embedder;
  private final Prompt prompt;
  private final TextSource source;
  private long texts;
  private long cut;
  private long firstCut;

  private BatchEmbedder(Embedder embedder, Prompt prompt, TextSource source) {
    this.embedder = embedder;
    this.prompt = prompt;
    this.source = source;
  }

  /**
   * Embeds all texts in their order.
   *
   * @throws IOException if there is no text, or one is refused, or the model is damaged so that a
   *     vector is not finite
   */
  static void run(Embedder embedder, TextSource source, Streams streams, Sink sink)
      throws IOException {
    run(embedder, null, source, streams, sink);
  }

  /**
   * Embeds all texts in their order, each with a prompt before it.
   *
   * @param prompt null for the embedder's
   * @throws IOException as without a prompt
   */
  static void run(Embedder embedder, Prompt prompt, TextSource source, Streams streams, Sink sink)
      throws IOException {
    BatchEmbedder run = new BatchEmbedder(embedder, prompt, source);
    try (Progress progress = new Progress(streams)) {
      for (List<String> batch = source.next(); !batch.isEmpty(); batch = source.next()) {
        run.embed(batch, sink);
        progress.update(run.texts, source.fraction());
      }
    }
    run.report(streams);
  }

  private void embed(List<String> batch, Sink sink) throws IOException {
    List<Embedding> embeddings;
    try {
      embeddings = embed(batch);
    } catch (TextTooLongException e) {
      throw refused(batch, e);
    } catch (UnusableModelException e) {
      throw new CommandFailedException(
          "%s: its vector has a component that is %s; the model %s is damaged"
              .formatted(source.place(texts + e.index()), e.value(), embedder.model().name()));
    }
    for (int i = 0; i < batch.size(); i++) {
      Embedding embedding = embeddings.get(i);
      if (embedding.truncated() && cut++ == 0) {
        firstCut = texts;
      }
      sink.accept(batch.get(i), embedding);
      texts++;
    }
    sink.endBatch();
  }

  private List<Embedding> embed(List<String> batch) {
    return prompt == null ? embedder.embedAll(batch) : embedder.embedAll(batch, prompt);
  }

  private boolean isTooLong(String text) {
    return (prompt == null ? embedder.tokenize(text) : embedder.tokenize(text, prompt)).truncated();
  }

  /** Threads may come upon any of the texts that are too long; people want the first. */
  private CommandFailedException refused(List<String> batch, TextTooLongException any) {
    int i = 0;
    while (!isTooLong(batch.get(i))) {
      i++;
    }
    TextTooLongException first = any;
    try {
      embed(List.of(batch.get(i)));
    } catch (TextTooLongException e) {
      first = e;
    }
    return new CommandFailedException(
        "%s has %,d tokens, more than %,d; shorten it, or choose --long-text cut or average"
            .formatted(source.place(texts + i), first.tokens(), first.maxTokens()));
  }

  private void report(Streams streams) throws CommandFailedException {
    if (texts == 0) {
      throw CommandFailedException.noText();
    }
    if (cut > 0) {
      streams.say(
          "warning: %,d of %,d texts %s longer than %,d tokens and %s cut; first: %s"
              .formatted(
                  cut,
                  texts,
                  cut == 1 ? "was" : "were",
                  embedder.maxTokens(),
                  cut == 1 ? "was" : "were",
                  source.place(firstCut)));
    }
  }
}
