package dev.kumiko;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.tokenize.WellFormedText;
import java.util.ArrayList;
import java.util.Arrays;
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
    return classifyOne(Arrays.asList(text));
  }

  @Override
  public float[] classify(String first, String second) {
    return classifyOne(Arrays.asList(first, second));
  }

  private float[] classifyOne(List<String> input) {
    return model.score(List.of(pair("text", input))).results()[0];
  }

  @Override
  public float[][] classifyAll(List<List<String>> inputs) {
    List<ScoringWork.Pair> pairs = new ArrayList<>(inputs.size());
    for (List<String> texts : inputs) {
      pairs.add(pair("inputs[" + pairs.size() + "]", texts));
    }
    return model.score(pairs).results();
  }

  @Override
  public int countTokens(List<String> input) {
    return model.countTokens(pair("input", input));
  }

  private ScoringWork.Pair pair(String name, List<String> texts) {
    if (texts.isEmpty() || texts.size() > 2) {
      throw new IllegalArgumentException(name + " has " + texts.size() + " texts, not 1 or 2");
    }
    texts.forEach(text -> WellFormedText.require(name, text));
    String second = texts.size() == 1 ? null : texts.getLast();
    return new ScoringWork.Pair(model.prompt() + texts.getFirst(), Optional.ofNullable(second));
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
