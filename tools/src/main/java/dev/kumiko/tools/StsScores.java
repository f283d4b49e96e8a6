package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.train.evaluate.Correlation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How well cosines agree with the scores that people gave.
 *
 * @param spearman correlation of the ranks, times 100
 * @param pearson correlation of the values, times 100
 * @param textsPerSecond how fast the sentences were embedded
 */
record StsScores(double spearman, double pearson, double textsPerSecond) {
  /**
   * Embeds all sentences and correlates.
   *
   * @param file the pairs' file for messages
   * @throws IOException if there is no correlation
   */
  static StsScores of(Embedder embedder, StsPairs pairs, Path file, Streams streams)
      throws IOException {
    List<Embedding> embeddings = new ArrayList<>();
    long start = System.nanoTime();
    try (TextSource texts = pairs.texts()) {
      BatchEmbedder.run(embedder, texts, streams, (text, vector) -> embeddings.add(vector));
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    double[] cosines = new double[pairs.scores().size()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = embeddings.get(2 * i).cosine(embeddings.get(2 * i + 1));
    }
    double[] scores = pairs.scores().stream().mapToDouble(Double::doubleValue).toArray();
    double spearman = Correlation.spearman(cosines, scores);
    double pearson = Correlation.pearson(cosines, scores);
    if (Double.isNaN(spearman) || Double.isNaN(pearson)) {
      throw new CommandFailedException(
          file + ": there is no correlation, because all scores or all cosines are the same");
    }
    return new StsScores(100 * spearman, 100 * pearson, embeddings.size() / seconds);
  }
}
