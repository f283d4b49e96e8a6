package dev.kumiko.tools.compress;

import java.io.IOException;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/** Computed codes: in part f the token at place p has {@code floor(p / Q^f) mod Q}. */
final class CartesianFit {
  private CartesianFit() {}

  /**
   * Fits the sub-vectors by least squares: each is the mean over the tokens that share it.
   *
   * @param weights what a token's error counts, {@code [tokens]}, positive
   * @param ordered whether near tokens are put side by side first
   */
  static Fitted fit(
      SourceTable table,
      Subspaces subspaces,
      int size,
      float[] weights,
      boolean ordered,
      int threads,
      DoubleConsumer progress)
      throws IOException {
    int parts = subspaces.parts();
    Optional<int[]> order =
        ordered ? Optional.of(TokenOrder.of(table, subspaces, size)) : Optional.empty();
    float[][] vectors = new float[parts][];
    char[] codes = new char[Math.multiplyExact(table.tokens(), parts)];
    for (int token = 0; token < table.tokens(); token++) {
      int rest = order.isPresent() ? order.get()[token] : token;
      for (int f = 0; f < parts; f++) {
        codes[token * parts + f] = (char) (rest % size);
        rest /= size;
      }
    }
    PartThreads.run(
        parts,
        threads,
        part -> {
          int width = subspaces.width(part);
          float[] points = table.columns(subspaces.start(part), width, new float[0]);
          Centres centres = new Centres(size, width);
          for (int token = 0; token < table.tokens(); token++) {
            int code = codes[token * parts + part];
            centres.add(code, points, token * width, weights[token]);
          }
          vectors[part] = new float[Math.multiplyExact(size, width)];
          centres.writeMeans(vectors[part]);
          progress.accept((part + 1.0) / parts);
        });
    return new Fitted(vectors, codes, order, 0);
  }
}
