package dev.kumiko.train.prune;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Head;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.data.Batch;
import dev.kumiko.train.data.Batches;
import dev.kumiko.train.loss.Loss;
import dev.kumiko.train.loss.LossInput;
import dev.kumiko.train.loss.MultipleNegativesRanking;
import dev.kumiko.train.loss.SentenceVectors;
import dev.kumiko.train.model.TrainableModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * How well each layer of a model tells a text's counterpart from others before anything is trained:
 * the loss that the model would have if it ended there. One pass gives all layers.
 *
 * <p>Source: Thennal D K et al. (L3Prune), arXiv 2410.14578, section 3; the loss is {@link
 * MultipleNegativesRanking} with the anchors alone looking for their positives.
 */
public final class InitialLosses {
  /** The scale that L3Prune measures and trains with. */
  public static final double SCALE = 50;

  private final TrainableModel model;
  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final String instruction;
  private final Loss loss;

  /**
   * Measures with a scale.
   *
   * @param maxTokens texts are cut to so many
   * @param scale what cosines are multiplied by, customary {@value #SCALE}
   */
  public InitialLosses(TrainableModel model, Tokenizer tokenizer, int maxTokens, double scale) {
    this(model, tokenizer, maxTokens, scale, "");
  }

  /**
   * Measures with an instruction. It is pooled with the texts, or left out with all before it if
   * the model leaves out prompts.
   *
   * @param instruction what is put before the first text of every line
   */
  public InitialLosses(
      TrainableModel model, Tokenizer tokenizer, int maxTokens, double scale, String instruction) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
    this.instruction = instruction;
    this.loss = new MultipleNegativesRanking(scale, false);
  }

  /**
   * Measures the mean over batches.
   *
   * @param count so many batches, or fewer if an epoch has no more
   * @param progress is told how many are done
   * @return the loss after 0 layers, the embeddings alone, and each number of layers; an element
   *     that is no finite number comes from a model that computes none there
   * @throws IllegalArgumentException if there is no batch
   * @throws IOException if the data cannot be read
   */
  public double[] measure(Batches batches, int count, IntConsumer progress) throws IOException {
    double[] sums = new double[model.layers() + 1];
    int done = 0;
    while (done < count) {
      Optional<Batch> batch = batches.next();
      if (batch.isEmpty()) {
        break;
      }
      add(batch.get(), sums);
      progress.accept(++done);
    }
    if (done == 0) {
      throw new IllegalArgumentException("There is no batch to measure with");
    }
    int measured = done;
    return Arrays.stream(sums).map(sum -> sum / measured).toArray();
  }

  private void add(Batch batch, double[] sums) {
    int columns = batch.file().columns().count();
    PackedTexts texts = new PackedTexts();
    int[] skipped = new int[columns * batch.size()];
    for (int column = 0; column < columns; column++) {
      String before = column == 0 ? instruction : "";
      for (String text : batch.texts(column)) {
        Encoding encoding = tokenizer.encode(before + text, maxTokens);
        skipped[texts.texts()] = skipped(before, text, encoding.length());
        texts.add(encoding.ids(), encoding.firstLength());
      }
    }
    List<float[]> vectors = model.vectorsByLayer(texts, skipped);
    for (int layers = 0; layers < sums.length; layers++) {
      sums[layers] += loss.apply(input(vectors.get(layers), columns, batch.size()), 1);
    }
  }

  /**
   * Returns how many of a text's tokens are not pooled. Those that are, are counted from the end,
   * since the text's first token may have grown together with the end of the instruction.
   */
  private int skipped(String before, String text, int tokens) {
    Head head = model.description().head();
    if (before.isEmpty() || (head.poolPrompt() && !head.poolsFromText())) {
      return model.unpooledTokens();
    }
    int alone = tokenizer.encode(text, maxTokens).length();
    int own = alone - model.description().tokenizer().specialTokens().before();
    return Math.max(0, tokens - own);
  }

  private static LossInput input(float[] vectors, int columns, int lines) {
    int values = vectors.length / columns;
    List<SentenceVectors> all = new ArrayList<>();
    for (int column = 0; column < columns; column++) {
      double[] own = new double[values];
      for (int i = 0; i < values; i++) {
        own[i] = vectors[column * values + i];
      }
      all.add(new SentenceVectors(lines, values / lines, own));
    }
    return new LossInput(all, new double[0], List.of());
  }
}
