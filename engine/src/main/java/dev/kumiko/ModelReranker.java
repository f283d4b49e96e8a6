package dev.kumiko;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import dev.kumiko.tokenize.WellFormedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The reranker of a model file. */
final class ModelReranker implements Reranker {
  private final ScoringModel model;

  ModelReranker(ScoringModel model) throws ModelFormatException {
    List<String> labels = model.classifier().labels();
    if (labels.size() != 1) {
      throw new ModelFormatException(
          Reason.BAD_DESCRIPTION,
          "%s gives scores for %d labels %s, a reranker gives one; load it with TextClassifier"
              .formatted(model.model().name(), labels.size(), labels));
    }
    this.model = model;
  }

  @Override
  public Scores scoreAll(String query, List<String> documents) {
    String prompted = model.prompt() + WellFormedText.require("query", query);
    Objects.requireNonNull(documents, "documents is null");
    List<ScoringWork.Pair> pairs = new ArrayList<>(documents.size());
    for (String document : documents) {
      String checked = WellFormedText.require("documents[" + pairs.size() + "]", document);
      pairs.add(new ScoringWork.Pair(prompted, Optional.of(checked)));
    }
    ScoringWork work = model.score(pairs);
    float[] scores = new float[pairs.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = work.results()[i][0];
    }
    return new Scores(scores, work.tokens(), work.cut());
  }

  @Override
  public int maxTokens() {
    return model.maxTokens();
  }

  @Override
  public Backend backend() {
    return model.backend();
  }

  @Override
  public ModelDescription model() {
    return model.model();
  }

  @Override
  public void close() {
    model.close();
  }
}
