package dev.kumiko.train.step;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.data.Batch;
import dev.kumiko.train.data.Example;
import dev.kumiko.train.loss.Loss;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.parameter.Parameter;
import java.util.List;

/** A loss on a classifier's or reranker's raw scores of texts or pairs of texts. */
public final class PairObjective implements Objective {
  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final Loss loss;
  private final BatchGradients gradients;

  /**
   * Learns from labels.
   *
   * @param maxTokens a text or pair is cut to so many
   */
  public PairObjective(
      TrainableModel model, Tokenizer tokenizer, int maxTokens, Loss loss, PassSize passes) {
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
    this.loss = loss;
    this.gradients = passes.gradients(model, loss);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if the data has more than two texts a line
   */
  @Override
  public Added add(Batch batch, double weight) {
    int columns = batch.file().columns().count();
    if (columns > 2) {
      throw new IllegalArgumentException(
          "A classifier takes a text or a pair, but the data has %d texts a line"
              .formatted(columns));
    }
    PackedTexts texts = new PackedTexts();
    for (Example example : batch.examples()) {
      List<String> own = example.texts();
      Encoding encoding =
          columns == 1
              ? tokenizer.encode(own.getFirst(), maxTokens)
              : tokenizer.encodePair(own.getFirst(), own.getLast(), maxTokens);
      texts.add(encoding.ids(), encoding.firstLength());
    }
    double value = gradients.add(texts, 1, batch.labels(), List.of(), weight);
    return new Added(value, texts.rows());
  }

  @Override
  public List<Parameter> parameters() {
    return loss.parameters();
  }

  @Override
  public String identity() {
    return "%s, %d tokens".formatted(loss, maxTokens);
  }
}
