package dev.kumiko;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.HeadSteps;
import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.Pooler;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Classifier;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One call that scores inputs: several threads take them in their order and pack a few together.
 */
final class ScoringPass {
  /** So many rows share one trip of the weights through the caches. */
  private static final int ROWS = 256;

  /** What all passes of a model share. */
  record Settings(
      ModelDescription model,
      Classifier classifier,
      Tokenizer tokenizer,
      Encoder encoder,
      HeadSteps head,
      int maxTokens) {}

  /**
   * What one score is of.
   *
   * @param second empty if a single text is scored
   */
  record Input(String first, Optional<String> second) {}

  private final Settings settings;
  private final Workspaces workspaces;
  private final List<Input> inputs;
  private final float[][] results;
  private int next;

  ScoringPass(Settings settings, Workspaces workspaces, List<Input> inputs) {
    this.settings = settings;
    this.workspaces = workspaces;
    this.inputs = inputs;
    this.results = new float[inputs.size()][];
  }

  /** Works until no input is left. */
  void run() {
    Workspace workspace = workspaces.borrow();
    workspace.texts().clear();
    List<Integer> packed = new ArrayList<>();
    boolean complete = false;
    try {
      for (int input = take(); input >= 0; input = take()) {
        Encoding encoding = tokenize(inputs.get(input));
        if (workspace.texts().rows() > 0 && workspace.texts().rows() + encoding.length() > ROWS) {
          score(workspace, packed);
        }
        workspace.texts().add(encoding.ids(), encoding.firstLength());
        packed.add(input);
      }
      score(workspace, packed);
      complete = true;
    } finally {
      if (!complete) {
        takeAll();
      }
    }
    workspaces.giveBack(workspace);
  }

  private synchronized int take() {
    return next < inputs.size() ? next++ : -1;
  }

  /** Leaves nothing for the other threads when one has failed. */
  private synchronized void takeAll() {
    next = inputs.size();
  }

  private Encoding tokenize(Input input) {
    Tokenizer tokenizer = settings.tokenizer();
    return input.second().isPresent()
        ? tokenizer.encodePair(input.first(), input.second().get(), settings.maxTokens())
        : tokenizer.encode(input.first(), settings.maxTokens());
  }

  private void score(Workspace workspace, List<Integer> packed) {
    if (packed.isEmpty()) {
      return;
    }
    PackedTexts texts = workspace.texts();
    settings.encoder().encode(workspace);
    int size = settings.model().architecture().hiddenSize();
    for (int i = 0; i < packed.size(); i++) {
      float[] pooled =
          Pooler.pool(
              settings.model().head().pooling(),
              workspace.hidden(),
              texts.start(i),
              texts.tokens(i),
              0,
              size);
      float[] raw = settings.head().apply(pooled, workspace);
      results[packed.get(i)] = scores(raw);
    }
    texts.clear();
    packed.clear();
  }

  private float[] scores(float[] raw) {
    float[] scores = new float[raw.length];
    double highest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (float x : raw) {
      highest = Math.max(highest, x);
    }
    for (float x : raw) {
      sum += Math.exp(x - highest);
    }
    for (int i = 0; i < raw.length; i++) {
      scores[i] =
          switch (settings.classifier().function()) {
            case IDENTITY -> raw[i];
            case SIGMOID -> (float) (1 / (1 + Math.exp(-raw[i])));
            case SOFTMAX -> (float) (Math.exp(raw[i] - highest) / sum);
          };
    }
    return scores;
  }

  /** Returns the scores {@code [inputs][labels]}, once all threads have returned. */
  float[][] results() {
    return results;
  }
}
