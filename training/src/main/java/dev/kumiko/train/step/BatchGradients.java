package dev.kumiko.train.step;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.train.loss.Loss;
import dev.kumiko.train.loss.LossInput;
import dev.kumiko.train.loss.SentenceVectors;
import dev.kumiko.train.model.OutputGradients;
import dev.kumiko.train.model.Pass;
import dev.kumiko.train.model.TrainableModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The loss of a batch and its gradient with respect to all parameters. A loss may compare each text
 * with every other one, so it sees the vectors of the whole batch at once. They come from one pass,
 * or from as many as memory allows (GradCache): the vectors of the whole batch part by part without
 * keeping anything, the loss's gradient with respect to them, then each part forward once more and
 * back. That takes another forward pass, and the gradient is the same but for the order of its
 * sums.
 *
 * <p>For one thread at a time, which brings the model's helpers.
 *
 * <p>Source: Gao et al., arXiv 2101.06983, section 3.
 */
public final class BatchGradients {
  private final TrainableModel model;
  private final Loss loss;
  private final OptionalInt textsPerPass;

  private BatchGradients(TrainableModel model, Loss loss, OptionalInt textsPerPass) {
    this.model = model;
    this.loss = loss;
    this.textsPerPass = textsPerPass;
  }

  /** Computes a batch in one pass. */
  public static BatchGradients whole(TrainableModel model, Loss loss) {
    return new BatchGradients(model, loss, OptionalInt.empty());
  }

  /**
   * Computes batches that have more texts in several passes.
   *
   * @param texts how many texts memory allows in a pass, of whatever columns
   */
  public static BatchGradients cached(TrainableModel model, Loss loss, int texts) {
    if (texts < 1) {
      throw new IllegalArgumentException(
          "%,d texts in a pass, expected 1 or more".formatted(texts));
    }
    return new BatchGradients(model, loss, OptionalInt.of(texts));
  }

  /**
   * Adds {@code weight} times the gradient of a batch's loss to the parameters', those of the loss
   * among them. A loss that is no finite number changes the model's gradients not.
   *
   * @param texts the texts of the first column, then those of the second, and so on
   * @param columns number of columns
   * @param labels as in {@link LossInput}
   * @param targets as in {@link LossInput}
   * @param weight 1, or the share of this batch in a step
   * @return the loss, without the weight
   * @throws IllegalArgumentException if the loss misses something in the batch
   */
  public double add(
      PackedTexts texts,
      int columns,
      double[] labels,
      List<SentenceVectors> targets,
      double weight) {
    int perPass = textsPerPass.orElse(texts.texts());
    return texts.texts() <= perPass
        ? inOnePass(texts, columns, labels, targets, weight)
        : inParts(parts(texts, perPass), texts.texts() / columns, columns, labels, targets, weight);
  }

  private double inOnePass(
      PackedTexts texts,
      int columns,
      double[] labels,
      List<SentenceVectors> targets,
      double weight) {
    Pass pass = model.forward(texts);
    LossInput input = input(pass.vectors(), texts.texts() / columns, columns, labels, targets);
    double value = loss.apply(input, weight);
    if (Double.isFinite(value)) {
      pass.backward(OutputGradients.ofVectors(gradient(input)));
    }
    return value;
  }

  private double inParts(
      List<PackedTexts> parts,
      int lines,
      int columns,
      double[] labels,
      List<SentenceVectors> targets,
      double weight) {
    int size = model.description().dimension();
    float[] vectors = new float[lines * columns * size];
    int done = 0;
    for (PackedTexts part : parts) {
      System.arraycopy(model.vectors(part), 0, vectors, done * size, part.texts() * size);
      done += part.texts();
    }
    LossInput input = input(vectors, lines, columns, labels, targets);
    double value = loss.apply(input, weight);
    if (Double.isFinite(value)) {
      float[] gradient = gradient(input);
      done = 0;
      for (PackedTexts part : parts) {
        int end = done + part.texts();
        float[] own = Arrays.copyOfRange(gradient, done * size, end * size);
        model.forward(part).backward(OutputGradients.ofVectors(own));
        done = end;
      }
    }
    return value;
  }

  private static List<PackedTexts> parts(PackedTexts texts, int perPart) {
    List<PackedTexts> parts = new ArrayList<>();
    for (int from = 0; from < texts.texts(); from += perPart) {
      PackedTexts part = new PackedTexts();
      for (int text = from; text < Math.min(from + perPart, texts.texts()); text++) {
        int[] ids = new int[texts.tokens(text)];
        int firstLength = 0;
        for (int i = 0; i < ids.length; i++) {
          ids[i] = texts.id(texts.start(text) + i);
          firstLength += 1 - texts.type(texts.start(text) + i);
        }
        part.add(ids, firstLength);
      }
      parts.add(part);
    }
    return parts;
  }

  private static LossInput input(
      float[] vectors, int lines, int columns, double[] labels, List<SentenceVectors> targets) {
    int values = vectors.length / columns;
    List<SentenceVectors> input = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      double[] column = new double[values];
      for (int i = 0; i < values; i++) {
        column[i] = vectors[c * values + i];
      }
      input.add(new SentenceVectors(lines, values / lines, column));
    }
    return new LossInput(input, labels, targets);
  }

  private static float[] gradient(LossInput input) {
    int values = input.lines() * input.size();
    float[] gradient = new float[values * input.columns().size()];
    for (int c = 0; c < input.columns().size(); c++) {
      double[] column = input.columns().get(c).gradient();
      for (int i = 0; i < values; i++) {
        gradient[c * values + i] = (float) column[i];
      }
    }
    return gradient;
  }
}
