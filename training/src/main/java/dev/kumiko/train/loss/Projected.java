package dev.kumiko.train.loss;

import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import dev.kumiko.train.random.SeededRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * A loss of an affine image of the vectors, {@code p = W v + b}, so that vectors of different
 * lengths can be compared. W and b are learned and thrown away afterwards.
 *
 * <pre>
 * dv = W' g,  dW = g v',  db = g
 * </pre>
 */
public final class Projected implements Loss {
  private final Loss loss;
  private final Parameter weight;
  private final Parameter bias;

  /**
   * Takes a projection over.
   *
   * @param loss what is computed from the images
   * @param weight W, {@code [size of the images][size of the vectors]}
   * @param bias b, {@code [1][size of the images]}
   */
  public Projected(Loss loss, Parameter weight, Parameter bias) {
    if (bias.rows() != 1 || bias.columns() != weight.rows()) {
      throw new IllegalArgumentException(
          "A projection of %,d x %,d with a bias of %,d x %,d"
              .formatted(weight.rows(), weight.columns(), bias.rows(), bias.columns()));
    }
    this.loss = loss;
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * Begins with a random projection, uniform within 1 / sqrt(size of the vectors), as PyTorch's
   * linear layers do.
   *
   * @param loss what is computed of the images
   * @param from size of the vectors
   * @param to size of the images
   * @param random of the projection
   * @return the loss with its projection
   */
  public static Projected random(Loss loss, int from, int to, SeededRandom random) {
    double bound = 1 / Math.sqrt(from);
    return new Projected(
        loss,
        new Parameter(
            "projection.weight", Kind.WEIGHT, to, from, uniform(to * from, bound, random)),
        new Parameter("projection.bias", Kind.BIAS_OR_NORM, 1, to, uniform(to, bound, random)));
  }

  private static float[] uniform(int count, double bound, SeededRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return values;
  }

  @Override
  public String name() {
    return loss.name();
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(loss.parameters());
    all.add(weight);
    all.add(bias);
    return all;
  }

  @Override
  public double apply(LossInput input, double lossWeight) {
    if (input.size() != weight.columns()) {
      throw new IllegalArgumentException(
          "%s: a projection of vectors with %,d components, but the model's have %,d"
              .formatted(name(), weight.columns(), input.size()));
    }
    List<SentenceVectors> images = input.columns().stream().map(this::image).toList();
    double value = loss.apply(input.with(images, input.targets()), lossWeight);
    double[] weightGradient = new double[weight.values().length];
    double[] biasGradient = new double[weight.rows()];
    for (int c = 0; c < images.size(); c++) {
      propagate(images.get(c), input.columns().get(c), weightGradient, biasGradient);
    }
    addTo(weight, weightGradient);
    addTo(bias, biasGradient);
    return value;
  }

  private SentenceVectors image(SentenceVectors vectors) {
    int from = weight.columns();
    int to = weight.rows();
    double[] values = new double[vectors.count() * to];
    for (int row = 0; row < vectors.count(); row++) {
      for (int o = 0; o < to; o++) {
        double sum = bias.values()[o];
        for (int i = 0; i < from; i++) {
          sum += weight.values()[o * from + i] * vectors.values()[row * from + i];
        }
        values[row * to + o] = sum;
      }
    }
    return new SentenceVectors(vectors.count(), to, values);
  }

  private void propagate(
      SentenceVectors images, SentenceVectors vectors, double[] weightGradient, double[] bias) {
    int from = weight.columns();
    int to = weight.rows();
    for (int row = 0; row < vectors.count(); row++) {
      for (int o = 0; o < to; o++) {
        double gradient = images.gradient()[row * to + o];
        bias[o] += gradient;
        Rows.addScaled(gradient, vectors.values(), row, weightGradient, o, from);
        for (int i = 0; i < from; i++) {
          vectors.gradient()[row * from + i] += gradient * weight.values()[o * from + i];
        }
      }
    }
  }

  private static void addTo(Parameter parameter, double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      parameter.gradient()[i] += (float) gradient[i];
    }
  }

  @Override
  public String toString() {
    return "%s of images %,d x %,d".formatted(loss, weight.rows(), weight.columns());
  }
}
