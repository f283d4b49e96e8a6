package dev.kumiko.tools;

import dev.kumiko.Embedder;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
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
    StsScores scores;
    try (Embedder embedder = embedding.load(streams)) {
      scores = StsScores.of(embedder, pairs, file, streams);
    }
    Writer out = streams.writer();
    out.write(
        String.format(
            Locale.ROOT,
            "pairs     %d\nSpearman  %.2f\nPearson   %.2f\n",
            pairs.scores().size(),
            scores.spearman(),
            scores.pearson()));
    out.flush();
    return 0;
  }
}
