package dev.kumiko;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.tokenize.WellFormedText;
import java.util.ArrayList;
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
  public float[][] classifyAll(List<List<String>> inputs) {
    List<ScoringWork.Pair> pairs = new ArrayList<>(inputs.size());
    for (List<String> texts : inputs) {
      String name = "inputs[" + pairs.size() + "]";
      if (texts.isEmpty() || texts.size() > 2) {
        throw new IllegalArgumentException(name + " has " + texts.size() + " texts, not 1 or 2");
      }
      texts.forEach(text -> WellFormedText.require(name, text));
      Optional<String> second = texts.stream().skip(1).findFirst();
      pairs.add(new ScoringWork.Pair(model.prompt() + texts.getFirst(), second));
    }
    return model.score(pairs).results();
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
