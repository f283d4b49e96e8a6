package dev.kumiko;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.tokenize.WellFormedText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Scores a text, or how two texts relate, for each of a model's labels.
 *
 * <p>Immutable and safe for concurrent use by any number of threads, which wait for one another and
 * can be interrupted as callers of an {@link Embedder}. The model's default prompt, if it has one,
 * is put before the text, of two before the first. What has too many tokens is cut, of a pair the
 * longer text first. After {@link #close} every method that computes throws {@link
 * IllegalStateException}. Null throws {@link NullPointerException}, a lone surrogate {@link
 * IllegalArgumentException} with its index.
 *
 * <p>A model file must not be written to in place as long: then every call throws {@link
 * ModelChangedException}, see {@link Embedder}.
 */
public final class TextClassifier implements AutoCloseable {
  private final ScoringModel model;

  private TextClassifier(ScoringModel model) {
    this.model = model;
  }

  /** Returns a builder for a classifier with other than the default settings. */
  public static ScoringBuilder<TextClassifier> builder() {
    return new ScoringBuilder<>(TextClassifier::new);
  }

  /**
   * Loads a Kumiko model file with default settings.
   *
   * @throws dev.kumiko.format.ModelFormatException if the file is not a valid model, or gives
   *     embeddings
   * @throws IOException if the file cannot be read
   */
  public static TextClassifier load(Path file) throws IOException {
    return builder().load(file);
  }

  /** Returns what the scores are of, in their order. */
  public List<String> labels() {
    return model.classifier().labels();
  }

  /** Returns the scores of a text, {@code [labels]}, a new array. */
  public float[] classify(String text) {
    String checked = model.prompt() + WellFormedText.require("text", text);
    return model.score(List.of(new ScoringWork.Input(checked, Optional.empty())))[0];
  }

  /** Returns the scores of a pair of texts, {@code [labels]}, a new array. */
  public float[] classify(String first, String second) {
    String before = model.prompt() + WellFormedText.require("first text", first);
    String after = WellFormedText.require("second text", second);
    return model.score(List.of(new ScoringWork.Input(before, Optional.of(after))))[0];
  }

  /** Returns the kernels in use. */
  public Backend backend() {
    return model.backend();
  }

  /** Returns the description of the model. */
  public ModelDescription model() {
    return model.model();
  }

  /**
   * Waits for calls that are running, and unmaps the model file, as {@link Embedder#close} does.
   * Closing again does nothing.
   */
  @Override
  public void close() {
    model.close();
  }
}
