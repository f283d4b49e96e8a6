package dev.kumiko.train.prune;

/**
 * Where to end a model: the layer of the least initial loss in the lower half, and in the upper
 * one. The embeddings are never a cut, for a sentence encoder tells texts apart by their words
 * already. Of equal losses the first counts.
 *
 * <p>Source: Thennal D K et al. (L3Prune), arXiv 2410.14578, section 3.
 *
 * @param small so many layers stay in the smaller model, from 1 to half of all
 * @param large so many in the larger one; all of them if the last layer is the best
 */
public record Cuts(int small, int large) {
  /**
   * Chooses.
   *
   * @param losses after 0 layers, the embeddings alone, and each number of layers
   * @throws IllegalArgumentException if there are fewer than two layers, or a loss is no finite
   *     number
   */
  public static Cuts of(double[] losses) {
    int layers = losses.length - 1;
    if (layers < 2) {
      throw new IllegalArgumentException(
          "The model has %d layer; a cut needs 2 at least".formatted(layers));
    }
    for (int i = 1; i <= layers; i++) {
      if (!Double.isFinite(losses[i])) {
        throw new IllegalArgumentException(
            "The loss after layer %d is %s; no cut can be chosen".formatted(i, losses[i]));
      }
    }
    int half = layers / 2;
    return new Cuts(least(losses, 1, half), least(losses, half + 1, layers));
  }

  /**
   * Returns whether the loss rises again behind a layer below which it was not lower: a place where
   * a cut may cost nothing.
   *
   * @param losses as in {@link #of}
   */
  public static boolean haveMinimumInside(double[] losses) {
    double least = losses[0];
    for (int i = 1; i < losses.length - 1; i++) {
      if (losses[i] <= least && losses[i] < losses[i + 1]) {
        return true;
      }
      least = Math.min(least, losses[i]);
    }
    return false;
  }

  private static int least(double[] losses, int from, int to) {
    int least = from;
    for (int i = from + 1; i <= to; i++) {
      if (losses[i] < losses[least]) {
        least = i;
      }
    }
    return least;
  }
}
