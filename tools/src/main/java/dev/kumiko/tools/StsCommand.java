package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Correlates cosines with the similarities that people gave. */
@Command(
    name = "sts",
    description = "Correlate the cosines of sentence pairs with people's scores, times 100.",
    footer = {
      "",
      "FILE is CSV in UTF-8 without a header: sentence, sentence, score.",
      "",
      "Example:",
      "  kumiko eval sts stsb-en-dev.csv"
    })
final class StsCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private EmbedderOptions embedding;

  @Parameters(paramLabel = "FILE", description = "The pairs.")
  private Path file;

  StsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    StsPairs pairs = StsPairs.read(file);
    double[] cosines = cosines(pairs);
    double[] scores = pairs.scores().stream().mapToDouble(Double::doubleValue).toArray();
    double spearman = new SpearmansCorrelation().correlation(cosines, scores);
    double pearson = new PearsonsCorrelation().correlation(cosines, scores);
    if (Double.isNaN(spearman) || Double.isNaN(pearson)) {
      throw new CommandFailedException(
          file + ": there is no correlation, because all scores or all cosines are the same");
    }
    Writer out = streams.writer();
    out.write(
        String.format(
            Locale.ROOT,
            "pairs     %d\nSpearman  %.2f\nPearson   %.2f\n",
            cosines.length,
            100 * spearman,
            100 * pearson));
    out.flush();
    return 0;
  }

  private double[] cosines(StsPairs pairs) throws IOException {
    List<Embedding> embeddings = new ArrayList<>();
    try (Embedder embedder = embedding.load();
        TextSource texts = pairs.texts()) {
      BatchEmbedder.run(embedder, texts, streams, (text, vector) -> embeddings.add(vector));
    }
    double[] cosines = new double[pairs.scores().size()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = embeddings.get(2 * i).cosine(embeddings.get(2 * i + 1));
    }
    return cosines;
  }
}
