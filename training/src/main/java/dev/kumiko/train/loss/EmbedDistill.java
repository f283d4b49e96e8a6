package dev.kumiko.train.loss;

/**
 * Each vector shall be the teacher's vector of the same text, or of the other column's text if
 * there are teacher vectors for one column alone (a translation gets the vector of the original,
 * Reimers and Gurevych, arXiv 2004.09813):
 *
 * <pre>
 * loss = mean over the columns of the mean distance
 * </pre>
 *
 * The teacher's vectors have to be as long as the model's; where they are not, wrap this in {@link
 * Projected}. In sentence-transformers {@code EmbedDistillLoss} and, with the mean squared error,
 * {@code MSELoss}.
 *
 * <p>Source of the idea: Kim et al., arXiv 2301.12005.
 *
 * @param distance which distance
 */
public record EmbedDistill(VectorDistance distance) implements Loss {
  /** {@return the mean squared error over all components} */
  public static EmbedDistill mse() {
    return new EmbedDistill(new VectorDistance.Mse());
  }

  /** {@return one minus the cosine} */
  public static EmbedDistill cosine() {
    return new EmbedDistill(new VectorDistance.Cosine());
  }

  @Override
  public String name() {
    return distance.name();
  }

  @Override
  public double apply(LossInput input, double weight) {
    int columns = input.columns().size();
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      SentenceVectors teacher = Need.target(this, input, c);
      if (teacher.size() != input.size()) {
        throw new IllegalArgumentException(
            "%s: the teacher's vectors have %,d components, the model's %,d; a projection is needed"
                .formatted(name(), teacher.size(), input.size()));
      }
      sum += distance.apply(input.columns().get(c), teacher, weight / columns);
    }
    return sum / columns;
  }
}
