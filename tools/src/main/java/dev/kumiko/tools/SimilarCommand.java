package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.Json;
import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares one text with others. */
@Command(
    name = "similar",
    description = "Print how alike one text is to each of others: more is more alike.",
    footer = {
      "",
      "The model states how vectors are compared: mostly by the cosine, from -1 to 1, or",
      "by the dot product, or by the negative Euclidean or Manhattan distance.",
      "",
      "The others are the further arguments, or else the lines of --input or standard",
      "input.",
      "",
      "Examples:",
      "  kumiko similar \"wooden roof\" \"rafters and purlins\" \"a fruit salad\"",
      "  kumiko similar \"wooden roof\" --input texts.txt | sort -rn | head"
    })
final class SimilarCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private EmbedderOptions embedding;
  @Mixin private TextInput input;

  @Option(
      names = "--json",
      description = "Print JSON lines: text and cosine, dot, euclidean or manhattan.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "A", description = "The text to compare with.")
  private String first;

  @Parameters(index = "1..*", paramLabel = "B", description = "The other texts.")
  private List<String> others = List.of();

  SimilarCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    ArgumentTexts.check(first, 1);
    Writer out = streams.writer();
    try (TextSource source = input.open(others, 2, streams);
        Embedder embedder = embedding.load(streams)) {
      Embedding reference = embedReference(embedder);
      BatchEmbedder.run(
          embedder,
          source,
          streams,
          (text, other) -> {
            double similarity = embedder.similarity(reference, other);
            out.write(line(text, embedder.model().similarity(), similarity));
          });
      out.flush();
    }
    return 0;
  }

  private Embedding embedReference(Embedder embedder) throws IOException {
    Embedding[] result = new Embedding[1];
    BatchEmbedder.run(
        embedder,
        ArgumentTexts.of(List.of(first), 1),
        streams,
        (text, embedding) -> result[0] = embedding);
    return result[0];
  }

  private String line(String text, Similarity kind, double similarity) {
    return json
        ? "{\"text\":%s,\"%s\":%s}\n"
            .formatted(Json.text(text), Choice.name(kind), (float) similarity)
        : String.format(Locale.ROOT, "%7.4f  %s\n", similarity, text);
  }
}
