package dev.kumiko.train.run;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.evaluate.Evaluator;
import dev.kumiko.train.model.TrainableModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;

/** Evaluates the model of a run between two steps. */
public final class Evaluation {
  /** Texts of a pass. */
  private static final int TEXTS = 32;

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
    return evaluator.evaluate(texts -> vectors(model, texts));
  }

  private List<float[]> vectors(TrainableModel model, List<String> texts) {
    List<float[]> result = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += TEXTS) {
      PackedTexts packed = new PackedTexts();
      for (String text : texts.subList(from, Math.min(from + TEXTS, texts.size()))) {
        Encoding encoding = tokenizer.encode(text, maxTokens);
        packed.add(encoding.ids(), encoding.firstLength());
      }
      float[] vectors = model.vectors(packed);
      int size = vectors.length / packed.texts();
      for (int i = 0; i < packed.texts(); i++) {
        result.add(Arrays.copyOfRange(vectors, i * size, (i + 1) * size));
      }
    }
    return result;
  }

  /** Returns the kind of the evaluator: it does not change what is learnt. */
  String identity() {
    return evaluator.getClass().getSimpleName();
  }
}
