package dev.kumiko.server.model;

import dev.kumiko.Backend;
import dev.kumiko.Reranker;
import dev.kumiko.Scores;
import dev.kumiko.model.ModelInfo;
import dev.kumiko.server.batch.Computation;
import java.util.ArrayList;
import java.util.List;

/** A model that scores documents for a query. */
public final class ServedReranker implements ServedModel {
  private final String name;
  private final Reranker reranker;

  ServedReranker(String name, Reranker reranker) {
    this.name = name;
    this.reranker = reranker;
  }

  /**
   * A document's score.
   *
   * @param score more is better
   * @param tokens about how many were computed for it
   */
  public record Scored(float score, double tokens) {}

  /** Documents of one query. */
  private record Score(ServedReranker model, String query) implements Computation<String, Scored> {
    @Override
    public List<Scored> compute(List<String> documents) {
      Scores scores = model.reranker.scoreAll(query, documents);
      List<Scored> each = new ArrayList<>(documents.size());
      for (float score : scores.values()) {
        each.add(new Scored(score, (double) scores.tokens() / documents.size()));
      }
      return each;
    }

    @Override
    public int cost(String document) {
      return ServedModel.tokens(query.length() + document.length(), model.maxTokens());
    }
  }

  /**
   * Returns how documents are scored for a query.
   *
   * @param query what is asked
   * @return computed together with equal ones
   */
  public Computation<String, Scored> score(String query) {
    return new Score(this, query);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ModelInfo info() {
    return reranker.model();
  }

  @Override
  public Backend backend() {
    return reranker.backend();
  }

  @Override
  public int maxTokens() {
    return reranker.maxTokens();
  }

  @Override
  public String gives() {
    return "scores";
  }

  @Override
  public void close() {
    reranker.close();
  }
}
