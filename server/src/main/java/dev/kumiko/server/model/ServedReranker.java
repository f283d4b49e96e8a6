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

  /**
   * Takes the reranker over.
   *
   * @param name in requests and answers
   * @param reranker gives raw scores
   */
  ServedReranker(String name, Reranker reranker) {
    this.name = name;
    this.reranker = reranker;
  }

  /**
   * A document's score.
   *
   * @param logit what the model gives, before a function makes a score of it; more is better
   * @param tokens about how many were computed for it
   * @param truncated whether query and document had more tokens than the model takes
   */
  public record Scored(float logit, double tokens, boolean truncated) {
    /** {@return the score from 0 to 1: the sigmoid} */
    public double score() {
      return 1 / (1 + Math.exp(-logit));
    }
  }

  /** Documents of one query. */
  private record Score(ServedReranker model, String query) implements Computation<String, Scored> {
    @Override
    public List<Scored> compute(List<String> documents) {
      Scores scores = model.reranker.scoreAll(query, documents);
      List<Scored> each = new ArrayList<>(documents.size());
      double tokens = (double) scores.tokens() / documents.size();
      for (int i = 0; i < documents.size(); i++) {
        each.add(new Scored(scores.values()[i], tokens, scores.truncated(i)));
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
  public void practise() {
    reranker.scoreAll(ANY_TEXT, List.of(ANY_TEXT));
  }

  @Override
  public void close() {
    reranker.close();
  }
}
