package dev.kumiko;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.tokenize.WellFormedText;
import java.util.List;
import java.util.Optional;

/** The classifier of a model file. */
final class ModelClassifier implements TextClassifier {
  private final ScoringModel model;

  ModelClassifier(ScoringModel model) {
    this.model = model;
  }

  @Override
  public List<String> labels() {
    return model.classifier().labels();
  }

  @Override
  public float[] classify(String text) {
    String checked = model.prompt() + WellFormedText.require("text", text);
    return model.score(List.of(new ScoringWork.Pair(checked, Optional.empty()))).results()[0];
  }

  @Override
  public float[] classify(String first, String second) {
    String before = model.prompt() + WellFormedText.require("first text", first);
    String after = WellFormedText.require("second text", second);
    return model.score(List.of(new ScoringWork.Pair(before, Optional.of(after)))).results()[0];
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
