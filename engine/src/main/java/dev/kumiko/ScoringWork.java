package dev.kumiko;

import dev.kumiko.encode.HeadSteps;
import dev.kumiko.encode.Pooler;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Classifier;
import dev.kumiko.format.Classifier.ScoreFunction;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One call that scores texts or pairs of them. */
final class ScoringWork extends EncoderWork {
  /** What all calls of a model share. */
  record Settings(
      ModelDescription model,
      Classifier classifier,
      Tokenizer tokenizer,
      HeadSteps head,
      int maxTokens) {
    Encoding encode(Pair input, int most) {
      return input.second().isPresent()
          ? tokenizer.encodePair(input.first(), input.second().get(), most)
          : tokenizer.encode(input.first(), most);
    }
  }

  /**
   * What one score is of.
   *
   * @param second empty if a single text is scored
   */
  record Pair(String first, Optional<String> second) {}

  private final Settings settings;
  private final List<Pair> inputs;
  private final float[][] results;
  private final boolean[] cut;
  private final AtomicLong tokens = new AtomicLong();

  ScoringWork(Settings settings, List<Pair> inputs) {
    this.settings = settings;
    this.inputs = inputs;
    this.results = new float[inputs.size()][];
    this.cut = new boolean[inputs.size()];
  }

  @Override
  int inputs() {
    return inputs.size();
  }

  @Override
  int length(int input) {
    return inputs.get(input).first().length()
        + inputs.get(input).second().map(String::length).orElse(0);
  }

  @Override
  int maxTokens() {
    return settings.maxTokens();
  }

  @Override
  void tokenize(int input, Pieces pieces) {
    Encoding encoding = settings.encode(inputs.get(input), maxTokens());
    cut[input] = encoding.truncated();
    pieces.add(encoding, (w, row, tokens) -> results[input] = scores(input, w, row, tokens));
  }

  private float[] scores(int input, Workspace w, int row, int count) {
    tokens.addAndGet(count);
    int size = settings.model().architecture().hiddenSize();
    float[] pooled =
        Pooler.pool(settings.model().head().pooling(), w.hidden(), row, count, 0, size);
    float[] raw = settings.head().apply(pooled, w);
    UnusableModelException.requireFinite(settings.model(), input, raw);
    return scores(raw);
  }

  /** Makes scores in place. */
  private float[] scores(float[] x) {
    ScoreFunction function = settings.classifier().function();
    if (function == ScoreFunction.SIGMOID) {
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (1 / (1 + Math.exp(-x[i])));
      }
    } else if (function == ScoreFunction.SOFTMAX) {
      softmax(x);
    }
    return x;
  }

  private static void softmax(float[] x) {
    double highest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (float component : x) {
      highest = Math.max(highest, component);
    }
    for (float component : x) {
      sum += Math.exp(component - highest);
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (Math.exp(x[i] - highest) / sum);
    }
  }

  /** Returns the scores {@code [inputs][labels]}, once all threads have returned. */
  float[][] results() {
    return results;
  }

  /** Returns which inputs had too many tokens, {@code [inputs]}, once all threads have returned. */
  boolean[] cut() {
    return cut;
  }

  /** Returns how many tokens were computed. */
  long tokens() {
    return tokens.get();
  }
}
