package dev.kumiko;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.ModelFormatException.Reason;
import dev.kumiko.tokenize.WellFormedText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Scores how well documents answer a query, with a cross-encoder: query and document are read
 * together (Nogueira and Cho, arXiv 1901.04085).
 *
 * <pre>{@code
 * try (Reranker reranker = Reranker.load(file)) {
 *   float[] scores = reranker.score("which wood bends best", documents);
 * }
 * }</pre>
 *
 * <p>Immutable and safe for concurrent use by any number of threads, which wait for one another and
 * can be interrupted as callers of an {@link Embedder}. The model's default prompt, if it has one,
 * is put before the query. A pair that has too many tokens is cut, the longer text first. After
 * {@link #close} every method that computes throws {@link IllegalStateException}. Null throws
 * {@link NullPointerException}, a lone surrogate {@link IllegalArgumentException} with its index.
 *
 * <p>A model file must not be written to in place as long: then every call throws {@link
 * ModelChangedException}, see {@link Embedder}.
 */
public final class Reranker implements AutoCloseable {
  /**
   * A document's place in a ranking.
   *
   * @param index its index among the documents that were given
   * @param score its score; more is better
   */
  public record Ranked(int index, float score) {
    /** The higher score first; of equal scores the document that was given first. */
    public static final Comparator<Ranked> BEST_FIRST =
        Comparator.comparingDouble(Ranked::score).reversed().thenComparingInt(Ranked::index);
  }

  private final ScoringModel model;

  private Reranker(ScoringModel model) throws ModelFormatException {
    List<String> labels = model.classifier().labels();
    if (labels.size() != 1) {
      throw new ModelFormatException(
          Reason.BAD_DESCRIPTION,
          "%s gives scores for %d labels %s, a reranker gives one; load it with TextClassifier"
              .formatted(model.model().name(), labels.size(), labels));
    }
    this.model = model;
  }

  /** Returns a builder for a reranker with other than the default settings. */
  public static ScoringBuilder<Reranker> builder() {
    return new ScoringBuilder<>(Reranker::new);
  }

  /**
   * Loads a Kumiko model file with default settings.
   *
   * @throws ModelFormatException if the file is not a valid model, or no reranker
   * @throws IOException if the file cannot be read
   */
  public static Reranker load(Path file) throws IOException {
    return builder().load(file);
  }

  /**
   * Scores documents, in parallel.
   *
   * @param documents any number of texts
   * @return the scores in the order of the documents, a new array; from 0 to 1 if the model's
   *     function is the sigmoid
   */
  public float[] score(String query, List<String> documents) {
    String prompted = model.prompt() + WellFormedText.require("query", query);
    Objects.requireNonNull(documents, "documents is null");
    List<ScoringWork.Input> pairs = new ArrayList<>(documents.size());
    for (String document : documents) {
      String checked = WellFormedText.require("documents[" + pairs.size() + "]", document);
      pairs.add(new ScoringWork.Input(prompted, Optional.of(checked)));
    }
    float[][] scores = model.score(pairs);
    float[] result = new float[scores.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = scores[i][0];
    }
    return result;
  }

  /** Returns the documents' places, best first; of equal scores the first one given. */
  public List<Ranked> rank(String query, List<String> documents) {
    float[] scores = score(query, documents);
    List<Ranked> ranking = new ArrayList<>(scores.length);
    for (int i = 0; i < scores.length; i++) {
      ranking.add(new Ranked(i, scores[i]));
    }
    ranking.sort(Ranked.BEST_FIRST);
    return ranking;
  }

  /** Returns the largest number of tokens of a pair, special tokens included. */
  public int maxTokens() {
    return model.maxTokens();
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
