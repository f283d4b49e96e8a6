package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.Tokens;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows texts as the model sees them. */
@Command(
    name = "tokenize",
    description = "Print the tokens of texts as JSON lines: ids, tokens, truncated.",
    footer = {
      "",
      "Texts are the arguments, or else the lines of --input or standard input.",
      "",
      "Examples:",
      "  kumiko tokenize \"A purlin carries the rafters of a roof.\"",
      "  kumiko tokenize --max-tokens 512 --input texts.txt"
    })
final class TokenizeCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private TokenOptions tokens;
  @Mixin private TextInput input;

  @Parameters(paramLabel = "TEXT", arity = "0..*", description = "Texts to tokenize.")
  private List<String> texts = List.of();

  TokenizeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Writer out = streams.writer();
    boolean empty = true;
    try (TextSource source = input.open(texts, 1, streams);
        Embedder embedder = tokens.load(Embedder.builder())) {
      for (List<String> batch = source.next(); !batch.isEmpty(); batch = source.next()) {
        for (String text : batch) {
          out.write(line(embedder.tokenize(text)));
        }
        out.flush();
        empty = false;
      }
    }
    if (empty) {
      throw CommandFailedException.noText();
    }
    return 0;
  }

  private static String line(Tokens tokens) {
    String ids = Arrays.toString(tokens.ids()).replace(" ", "");
    return "{\"ids\":"
        + ids
        + ",\"tokens\":"
        + Json.text(tokens.texts())
        + ",\"truncated\":"
        + tokens.truncated()
        + ",\"offsets\":"
        + offsets(tokens)
        + "}\n";
  }

  /** Where each token lies in the text, in UTF-16 chars; [0,0] for what is not of the text. */
  private static String offsets(Tokens tokens) {
    StringJoiner spans = new StringJoiner(",", "[", "]");
    for (int i = 0; i < tokens.length(); i++) {
      spans.add("[" + tokens.start(i) + "," + tokens.end(i) + "]");
    }
    return spans.toString();
  }
}
