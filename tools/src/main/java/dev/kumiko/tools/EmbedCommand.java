package dev.kumiko.tools;

import dev.kumiko.Embedding;
import dev.kumiko.search.Int8Ranges;
import dev.kumiko.tools.vectors.VectorType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
      "  kumiko embed -i texts.txt --precision int8 --calibration some.txt \\",
      "      -f npy -o small.npy",
      "  sort -u texts.txt | kumiko embed --format csv > vectors.csv",
      "  kumiko embed -- \"- a text that begins with a hyphen\""
    })
final class EmbedCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private EmbedderOptions embedding;
  @Mixin private TextInput input;
  @Mixin private VectorOutput output;
  @Mixin private CompactVectors compact;

  @Parameters(paramLabel = "TEXT", arity = "0..*", description = "Texts to embed.")
  private List<String> texts = List.of();

  EmbedCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    VectorType type = embedding.vectorType();
    output.check(type, streams);
    compact.check(type);
    try (TextSource source = input.open(texts, 1, streams);
        VectorMaker maker = new VectorMaker(embedding, streams)) {
      if (type == VectorType.FLOAT32) {
        output.write(streams, writer -> embed(source, maker, writer));
      } else {
        Optional<Int8Ranges> ranges = compact.ranges(maker, streams);
        output.writeCompact(
            type,
            ranges,
            writer -> embed(source, maker, writer),
            () -> compact.notes(maker, ranges));
      }
    }
    return 0;
  }

  private void embed(TextSource source, VectorMaker maker, VectorWriter writer) throws IOException {
    BatchEmbedder.run(
        maker.embedder(),
        source,
        streams,
        new BatchEmbedder.Sink() {
          @Override
          public void accept(String text, Embedding result) throws IOException {
            writer.write(text, result);
            compact.add(text);
          }

          @Override
          public void endBatch() throws IOException {
            writer.flush();
          }
        });
  }
}
