package dev.kumiko.train.loss;

import dev.kumiko.train.parameter.Parameter;
import java.util.List;

/**
 * Any loss of the first components of the vectors, for several numbers of components, so that
 * vectors can be cut afterwards:
 *
 * <pre>
 * loss = sum over k of weight_k inner(unit(first size_k components))
 * </pre>
 *
 * What is cut is given length 1, as it is after cutting. A teacher's vectors are cut the same way
 * if they are as long as the model's, and left alone otherwise. In sentence-transformers {@code
 * MatryoshkaLoss}.
 *
 * <p>Source: Kusupati et al., arXiv 2205.13147, section 3.
 *
 * @param loss the inner loss
 * @param cuts how many components and how much they count; customary: all, a half, a quarter, ...
 *     with weight 1 each
 */
public record Matryoshka(Loss loss, List<Cut> cuts) implements Loss {
  /**
   * A number of components.
   *
   * @param size how many
   * @param weight how much it counts, customary 1
   */
  public record Cut(int size, double weight) {
    /** Checks both. */
    public Cut {
      if (size < 1) {
        throw new IllegalArgumentException("A vector cut to %,d components".formatted(size));
      }
      Positive.check("weight of a cut", weight);
    }
  }

  /** Checks that there is a cut. */
  public Matryoshka {
    cuts = List.copyOf(cuts);
    if (cuts.isEmpty()) {
      throw new IllegalArgumentException("Matryoshka without a number of components");
    }
  }

  @Override
  public String name() {
    return "matryoshka-" + loss.name();
  }

  @Override
  public List<Parameter> parameters() {
    return loss.parameters();
  }

  @Override
  public double apply(LossInput input, double weight) {
    double sum = 0;
    for (Cut cut : cuts) {
      if (cut.size() > input.size()) {
        throw new IllegalArgumentException(
            "%s: cut to %,d components, but the vectors have %,d"
                .formatted(name(), cut.size(), input.size()));
      }
      sum += cut.weight() * apply(input, cut, weight * cut.weight());
    }
    return sum;
  }

  private double apply(LossInput input, Cut cut, double weight) {
    List<SentenceVectors> columns =
        input.columns().stream().map(column -> first(column, cut.size())).toList();
    List<SentenceVectors> targets =
        input.targets().stream()
            .map(
                target ->
                    target.size() == input.size()
                        ? UnitVectors.of(first(target, cut.size())).units()
                        : target)
            .toList();
    double value = new Normalized(loss).apply(input.with(columns, targets), weight);
    for (int c = 0; c < columns.size(); c++) {
      addFirst(columns.get(c), input.columns().get(c));
    }
    return value;
  }

  private static SentenceVectors first(SentenceVectors vectors, int size) {
    double[] values = new double[vectors.count() * size];
    for (int row = 0; row < vectors.count(); row++) {
      System.arraycopy(vectors.values(), row * vectors.size(), values, row * size, size);
    }
    return new SentenceVectors(vectors.count(), size, values);
  }

  private static void addFirst(SentenceVectors cut, SentenceVectors vectors) {
    for (int row = 0; row < cut.count(); row++) {
      for (int i = 0; i < cut.size(); i++) {
        vectors.gradient()[row * vectors.size() + i] += cut.gradient()[row * cut.size() + i];
      }
    }
  }
}
