package dev.kumiko.langchain4j;

import dev.kumiko.Reranker;
import dev.kumiko.Scores;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A {@link Reranker} as LangChain4j's scoring model.
 *
 * <pre>{@code
 * ScoringModel model = new KumikoScoringModel(Path.of("reranker.safetensors"));
 * }</pre>
 *
 * <p>Safe for concurrent use. {@link #close} frees what this model loaded; a reranker that was
 * handed in stays open.
 */
public final class KumikoScoringModel implements ScoringModel, AutoCloseable {
  private final Reranker reranker;
  private final boolean owned;

  /**
   * Loads a model file with default settings.
   *
   * @param model a Kumiko model file of a reranker
   * @throws UncheckedIOException if it cannot be read, or is no such model
   */
  public KumikoScoringModel(Path model) {
    this(builder().model(model));
  }

  /**
   * Loads a model file.
   *
   * @param model a Kumiko model file of a reranker
   * @param executor runs helpers; it stays the caller's
   * @throws UncheckedIOException if it cannot be read, or is no such model
   */
  public KumikoScoringModel(Path model, Executor executor) {
    this(builder().model(model).executor(executor));
  }

  /**
   * Takes a reranker that is loaded, with settings of its own.
   *
   * @param reranker stays the caller's, who closes it
   */
  public KumikoScoringModel(Reranker reranker) {
    this(builder().reranker(reranker));
  }

  KumikoScoringModel(KumikoScoringModelBuilder builder) {
    this.owned = builder.reranker() == null;
    try {
      this.reranker = owned ? builder.load() : builder.reranker();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * Returns a builder.
   *
   * @return one with all settings at their defaults
   * @see dev.kumiko.ScoringBuilder
   */
  public static KumikoScoringModelBuilder builder() {
    return new KumikoScoringModelBuilder();
  }

  /** {@return the reranker that computes; it is closed with this model if this model loaded it} */
  public Reranker reranker() {
    return reranker;
  }

  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    Scores scores = reranker.scoreAll(query, segments.stream().map(TextSegment::text).toList());
    List<Double> values = new ArrayList<>(segments.size());
    for (float value : scores.values()) {
      values.add((double) value);
    }
    return Response.from(values, new TokenUsage(Math.toIntExact(scores.tokens()), 0));
  }

  /** Closes the reranker, if this model loaded it; waits for calls that are running. */
  @Override
  public void close() {
    if (owned) {
      reranker.close();
    }
  }
}
