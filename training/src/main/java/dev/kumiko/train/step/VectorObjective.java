package dev.kumiko.train.step;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.data.Batch;
import dev.kumiko.train.loss.Loss;
import dev.kumiko.train.loss.SentenceVectors;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.parameter.Parameter;
import java.io.IOException;
import java.util.List;

/** A loss on the vectors of texts, as an embedder gives them without a prompt. */
public final class VectorObjective implements Objective {
  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final Loss loss;
  private final Teacher teacher;
  private final BatchGradients gradients;

  /**
   * Learns from labels, from the batch itself, or from a teacher.
   *
   * @param maxTokens texts are cut to so many
   */
  public VectorObjective(
      TrainableModel model,
      Tokenizer tokenizer,
      int maxTokens,
      Loss loss,
      Teacher teacher,
      PassSize passes) {
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
    this.loss = loss;
    this.teacher = teacher;
    this.gradients = passes.gradients(model, loss);
  }

  @Override
  public Added add(Batch batch, double weight) throws IOException {
    PackedTexts texts = new PackedTexts();
    int columns = batch.file().columns().count();
    for (int column = 0; column < columns; column++) {
      for (String text : batch.texts(column)) {
        Encoding encoding = tokenizer.encode(text, maxTokens);
        texts.add(encoding.ids(), encoding.firstLength());
      }
    }
    List<SentenceVectors> targets = teacher.targets(batch);
    double value = gradients.add(texts, columns, batch.labels(), targets, weight);
    return new Added(value, texts.rows());
  }

  @Override
  public List<Parameter> parameters() {
    return loss.parameters();
  }

  @Override
  public String identity() {
    return "%s, teacher %s, %d tokens".formatted(loss, teacher.identity(), maxTokens);
  }
}
