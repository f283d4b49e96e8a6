package dev.kumiko.server.model;

import dev.kumiko.Backend;
import dev.kumiko.TextClassifier;
import dev.kumiko.model.ModelInfo;
import dev.kumiko.server.batch.Computation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A model that gives a score for each of its labels. */
public final class ServedClassifier implements ServedModel {
  private final String name;
  private final TextClassifier classifier;

  ServedClassifier(String name, TextClassifier classifier) {
    this.name = name;
    this.classifier = classifier;
  }

  /**
   * A text, or two that relate.
   *
   * @param first any text
   * @param second the other one of a pair
   */
  public record Texts(String first, Optional<String> second) {}

  /** All that this model is asked is computed together. */
  private record Classify(ServedClassifier model) implements Computation<Texts, float[]> {
    @Override
    public List<float[]> compute(List<Texts> inputs) {
      List<float[]> scores = new ArrayList<>(inputs.size());
      for (Texts texts : inputs) {
        scores.add(
            texts.second().isPresent()
                ? model.classifier.classify(texts.first(), texts.second().get())
                : model.classifier.classify(texts.first()));
      }
      return scores;
    }

    @Override
    public int cost(Texts texts) {
      int characters = texts.first().length() + texts.second().map(String::length).orElse(0);
      return ServedModel.tokens(characters, model.maxTokens());
    }
  }

  /** {@return how texts are classified: {@code [labels]} for each, in the order of the labels} */
  public Computation<Texts, float[]> classify() {
    return new Classify(this);
  }

  /** {@return what the scores are of, in their order} */
  public List<String> labels() {
    return classifier.labels();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ModelInfo info() {
    return classifier.model();
  }

  @Override
  public Backend backend() {
    return classifier.backend();
  }

  @Override
  public int maxTokens() {
    return classifier.model().maxTokens();
  }

  @Override
  public String gives() {
    return "labels";
  }

  @Override
  public void close() {
    classifier.close();
  }
}
