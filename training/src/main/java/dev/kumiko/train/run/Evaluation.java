package dev.kumiko.train.run;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.evaluate.EvaluatedModel;
import dev.kumiko.train.evaluate.Evaluator;
import dev.kumiko.train.model.TrainableModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;

/** Evaluates the model of a run between two steps. */
public final class Evaluation {
  /** Lines of a pass. */
  private static final int LINES = 32;

  private final Evaluator evaluator;
  private final Tokenizer tokenizer;
  private final int maxTokens;

  /** Evaluates on texts that are cut to so many tokens. */
  public Evaluation(Evaluator evaluator, Tokenizer tokenizer, int maxTokens) {
    this.evaluator = evaluator;
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
  }

  SequencedMap<String, Double> of(TrainableModel model) throws IOException {
    boolean scores = model.description().classifier().isPresent();
    return evaluator.evaluate(
        new EvaluatedModel() {
          @Override
          public List<float[]> vectors(List<String> texts) throws IOException {
            if (scores) {
              throw new IllegalArgumentException(
                  "A classifier or reranker has scores and no vectors to be evaluated");
            }
            return results(model, texts.stream().map(List::of).toList());
          }

          @Override
          public List<float[]> scores(List<List<String>> lines) throws IOException {
            return scores ? results(model, lines) : EvaluatedModel.super.scores(lines);
          }
        });
  }

  private List<float[]> results(TrainableModel model, List<List<String>> lines) {
    List<float[]> results = new ArrayList<>(lines.size());
    for (int from = 0; from < lines.size(); from += LINES) {
      PackedTexts packed = new PackedTexts();
      for (List<String> line : lines.subList(from, Math.min(from + LINES, lines.size()))) {
        Encoding encoding =
            line.size() == 1
                ? tokenizer.encode(line.getFirst(), maxTokens)
                : tokenizer.encodePair(line.getFirst(), line.getLast(), maxTokens);
        packed.add(encoding.ids(), encoding.firstLength());
      }
      float[] values = model.vectors(packed);
      int size = values.length / packed.texts();
      for (int i = 0; i < packed.texts(); i++) {
        results.add(Arrays.copyOfRange(values, i * size, (i + 1) * size));
      }
    }
    return results;
  }

  /** Returns the kind of the evaluator: it does not change what is learnt. */
  String identity() {
    return evaluator.getClass().getSimpleName();
  }
}
