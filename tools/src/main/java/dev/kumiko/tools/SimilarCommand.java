package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.Json;
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
    description = "Print the cosine of one text with each of others, from -1 to 1.",
    footer = {
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

  @Option(names = "--json", description = "Print JSON lines: text and cosine.")
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
        Embedder embedder = embedding.load()) {
      Embedding reference = embedReference(embedder);
      BatchEmbedder.run(
          embedder,
          source,
          streams,
          (text, other) -> out.write(line(text, reference.cosine(other))));
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

  private String line(String text, double cosine) {
    return json
        ? "{\"text\":" + Json.text(text) + ",\"cosine\":" + (float) cosine + "}\n"
        : String.format(Locale.ROOT, "%7.4f  %s\n", cosine, text);
  }
}
