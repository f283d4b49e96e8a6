package dev.kumiko.train.step;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.data.Batch;
import dev.kumiko.train.model.OutputGradients;
import dev.kumiko.train.model.Pass;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.parameter.Parameter;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * Each token's vector after some layers shall be the teacher's. For x of the model, t of the
 * teacher, both {@code [rows][hidden]}:
 *
 * <pre>
 * loss = mean over rows and components of (x - t)^2,  dx = 2 (x - t) / (rows hidden)
 * </pre>
 *
 * What lies behind these layers is neither computed nor changed.
 *
 * <p>Source of the idea: Jiao et al. (TinyBERT), arXiv 1909.10351, section 3.1.
 */
public final class HiddenObjective implements Objective {
  private final TrainableModel model;
  private final TeacherModel teacher;
  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final int layers;
  private final Part part;

  /** What learns. */
  public enum Part {
    /** The embeddings and the layers up to the one that is compared. */
    ALL,
    /** The token table, in a composed one all its sub-vectors, and nothing else. */
    TOKEN_TABLE
  }

  /**
   * Freezes what does not learn.
   *
   * @param maxTokens texts are cut to so many
   * @param layers so many layers are passed, 0 for the embeddings alone
   * @throws IllegalArgumentException if a model has fewer layers, or the two have token vectors of
   *     another length or other tokenizers
   * @throws IOException if a tokenizer cannot be read
   */
  public HiddenObjective(
      TrainableModel model,
      TeacherModel teacher,
      Tokenizer tokenizer,
      int maxTokens,
      int layers,
      Part part)
      throws IOException {
    this.model = model;
    this.teacher = teacher;
    this.tokenizer = tokenizer;
    this.maxTokens = maxTokens;
    this.layers = layers;
    this.part = part;
    check();
    for (Parameter parameter : model.parameters()) {
      if (!learns(parameter.name())) {
        parameter.freeze(true);
      }
    }
  }

  private void check() throws IOException {
    TrainableModel other = teacher.model();
    int fewest = Math.min(model.layers(), other.layers());
    if (layers < 0 || layers > fewest) {
      throw new IllegalArgumentException(
          "Token vectors after layer %d, but there are only %d".formatted(layers, fewest));
    }
    int hidden = model.description().architecture().hiddenSize();
    int wanted = other.description().architecture().hiddenSize();
    if (hidden != wanted) {
      throw new IllegalArgumentException(
          "The model's token vectors have %,d components, the teacher's %,d; learn from its sentence vectors instead"
              .formatted(hidden, wanted));
    }
    if (!model.hasTokenizerOf(other)) {
      throw new IllegalArgumentException(
          "The model and the teacher have different tokenizers, so that their tokens have no counterparts; learn from its sentence vectors instead");
    }
    if (maxTokens > other.description().maxTokens()) {
      throw new IllegalArgumentException(
          "Texts are cut to %,d tokens, but the teacher takes %,d"
              .formatted(maxTokens, other.description().maxTokens()));
    }
  }

  private boolean learns(String parameter) {
    if (part == Part.TOKEN_TABLE) {
      return parameter.startsWith(TensorNames.TOKEN_EMBEDDINGS_PART + ".");
    }
    OptionalInt layer = TensorNames.layer(parameter);
    boolean before =
        layer.isPresent()
            ? layer.getAsInt() < layers
            : !parameter.startsWith(TensorNames.HEAD)
                && !parameter.startsWith(TensorNames.FINAL_NORM);
    return before || (layers == model.layers() && parameter.startsWith(TensorNames.FINAL_NORM));
  }

  @Override
  public Added add(Batch batch, double weight) {
    PackedTexts texts = new PackedTexts();
    for (int column = 0; column < batch.file().columns().count(); column++) {
      for (String text : batch.texts(column)) {
        Encoding encoding = tokenizer.encode(text, maxTokens);
        texts.add(encoding.ids(), encoding.firstLength());
      }
    }
    return new Added(add(texts, weight), texts.rows());
  }

  /** Adds the gradient of some texts' loss, see {@link #add(Batch, double)}. */
  double add(PackedTexts texts, double weight) {
    float[] target = teacher.model().hidden(texts, layers);
    Pass pass = model.forwardHidden(texts, layers);
    float[] x = pass.hidden(layers);
    float[] gradient = new float[x.length];
    double sum = 0;
    double factor = 2 * weight / x.length;
    for (int i = 0; i < x.length; i++) {
      double error = (double) x[i] - target[i];
      sum += error * error;
      gradient[i] = (float) (factor * error);
    }
    double loss = sum / x.length;
    if (Double.isFinite(loss)) {
      pass.backward(OutputGradients.ofHidden(layers, gradient));
    }
    return loss;
  }

  @Override
  public String identity() {
    return "token vectors after layer %d, %s, teacher %s, %d tokens"
        .formatted(layers, part, teacher.identity(), maxTokens);
  }
}
