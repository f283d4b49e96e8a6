package dev.kumiko.server.model;

import dev.kumiko.Backend;
import dev.kumiko.TextClassifier;
import dev.kumiko.format.Classifier.ScoreFunction;
import dev.kumiko.model.ModelInfo;
import dev.kumiko.server.batch.Computation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** A model that gives a score for each of its labels. */
public final class ServedClassifier implements ServedModel {
  private final String name;
  private final TextClassifier classifier;
  private final ScoreFunction function;

  /**
   * Takes the classifier over.
   *
   * @param name in requests and answers
   * @param classifier gives raw scores
   * @param function makes scores of them
   */
  ServedClassifier(String name, TextClassifier classifier, ScoreFunction function) {
    this.name = name;
    this.classifier = classifier;
    this.function = function;
  }

  /** All that this model is asked is computed together. */
  private record Classify(ServedClassifier model, boolean truncate)
      implements Computation<List<String>, Classified> {
    @Override
    public List<Classified> compute(List<List<String>> inputs) {
      int[] tokens = inputs.stream().mapToInt(model.classifier::countTokens).toArray();
      List<List<String>> fitting = new ArrayList<>();
      for (int i = 0; i < tokens.length; i++) {
        if (fits(tokens[i])) {
          fitting.add(inputs.get(i));
        }
      }
      Iterator<float[]> logits = List.of(model.classifier.classifyAll(fitting)).iterator();
      return Arrays.stream(tokens)
          .mapToObj(count -> new Classified(fits(count) ? logits.next() : null, count))
          .toList();
    }

    private boolean fits(int tokens) {
      return truncate || tokens <= model.maxTokens();
    }

    @Override
    public boolean endsJob(Classified result) {
      return result.isRefused();
    }

    @Override
    public int cost(List<String> texts) {
      int characters = texts.stream().mapToInt(String::length).sum();
      return ServedModel.tokens(characters, model.maxTokens());
    }

    @Override
    public long resultBytes(List<String> texts) {
      return 64L + 4L * model.labels().size();
    }
  }

  /**
   * Returns how a text or a pair of texts is classified.
   *
   * @param truncate whether what is too long is cut; otherwise it is refused, and ends its job
   * @return computed together with equal ones
   */
  public Computation<List<String>, Classified> classify(boolean truncate) {
    return new Classify(this, truncate);
  }

  /**
   * Makes scores of what the model gives.
   *
   * @param logits {@code [labels]}
   * @return {@code [labels]}, a new array, by the function that the model names
   */
  public float[] scores(float[] logits) {
    double highest = Double.NEGATIVE_INFINITY;
    for (float x : logits) {
      highest = Math.max(highest, x);
    }
    double sum = 0;
    for (float x : logits) {
      sum += Math.exp(x - highest);
    }
    float[] scores = new float[logits.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] =
          switch (function) {
            case IDENTITY -> logits[i];
            case SIGMOID -> (float) (1 / (1 + Math.exp(-logits[i])));
            case SOFTMAX -> (float) (Math.exp(logits[i] - highest) / sum);
          };
    }
    return scores;
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
  public void practise() {
    classifier.classify(ANY_TEXT);
  }

  @Override
  public void close() {
    classifier.close();
  }
}
