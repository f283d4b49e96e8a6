package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Turns texts into vectors. */
@Command(
    name = "embed",
    description = "Turn texts into vectors.",
    footer = {
      "",
      "Texts are the arguments, or else the lines of --input or standard input; an",
      "empty line is an empty text, so that line i gives vector i.",
      "",
      "Examples:",
      "  kumiko embed \"A purlin carries the rafters of a roof.\"",
      "  kumiko embed --input texts.txt --format npy --output vectors.npy",
      "  kumiko embed --prompt query --model e5.safetensors \"who carries rafters?\"",
      "  sort -u texts.txt | kumiko embed --format csv > vectors.csv",
      "  kumiko embed -- \"- a text that begins with a hyphen\""
    })
final class EmbedCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private EmbedderOptions embedding;
  @Mixin private TextInput input;
  @Mixin private VectorOutput output;

  @Parameters(paramLabel = "TEXT", arity = "0..*", description = "Texts to embed.")
  private List<String> texts = List.of();

  EmbedCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    output.check(streams);
    try (TextSource source = input.open(texts, 1, streams)) {
      output.write(streams, writer -> embed(source, writer));
    }
    return 0;
  }

  private void embed(TextSource source, VectorWriter writer) throws IOException {
    try (Embedder embedder = embedding.load(streams)) {
      BatchEmbedder.run(
          embedder,
          source,
          streams,
          new BatchEmbedder.Sink() {
            @Override
            public void accept(String text, Embedding result) throws IOException {
              writer.write(text, result);
            }

            @Override
            public void endBatch() throws IOException {
              writer.flush();
            }
          });
    }
  }
}
