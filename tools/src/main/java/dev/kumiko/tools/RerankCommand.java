package dev.kumiko.tools;

import dev.kumiko.Ranked;
import dev.kumiko.Reranker;
import dev.kumiko.ScoringBuilder;
import dev.kumiko.UnusableModelException;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Orders documents by how well they answer a query. */
@Command(
    name = "rerank",
    description = "Score documents for a query with a cross-encoder, and print the best first.",
    footer = {
      "",
      "Documents are the further arguments, or else the lines of --input or standard input.",
      "",
      "Examples:",
      "  kumiko rerank -m reranker.safetensors \"which wood bends best\" \\",
      "      \"Steamed ash bends without breaking.\" \"The invoice is due on Friday.\"",
      "  kumiko rerank -m reranker.safetensors \"wooden roof\" --input texts.txt --top 10"
    })
final class RerankCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      required = true,
      description = "A Kumiko model file of a cross-encoder.")
  private Path file;

  @Mixin private TextInput input;

  @Option(names = "--top", paramLabel = "N", description = "Print the best N documents only.")
  private Integer top;

  @Option(names = "--max-tokens", paramLabel = "N", description = "The longest pair in tokens.")
  private Integer maxTokens;

  @Mixin private PrecisionOption precision;

  @Option(names = "--json", description = "Print JSON lines: index, score, text.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "QUERY", description = "The query.")
  private String query;

  @Parameters(index = "1..*", paramLabel = "DOCUMENT", description = "The documents.")
  private List<String> documents = List.of();

  RerankCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    ArgumentTexts.check(query, 1);
    if (top != null && top < 1) {
      throw new UsageException("--top must be at least 1, not " + top);
    }
    try (TextSource source = input.open(documents, 2, streams);
        Reranker reranker = load()) {
      List<String> texts = new ArrayList<>();
      List<Ranked> ranking = rank(reranker, source, texts);
      if (texts.isEmpty()) {
        throw CommandFailedException.noText();
      }
      Writer out = streams.writer();
      int count = top == null ? ranking.size() : Math.min(top, ranking.size());
      for (Ranked ranked : ranking.subList(0, count)) {
        out.write(line(ranked, texts.get(ranked.index())));
      }
      out.flush();
    }
    return 0;
  }

  private Reranker load() throws IOException {
    ScoringBuilder<Reranker> builder = Reranker.builder().precision(precision.precision());
    if (maxTokens != null) {
      builder.maxTokens(maxTokens);
    }
    try {
      return builder.load(ModelPath.check(file));
    } catch (IllegalArgumentException e) {
      throw UsageException.of(e);
    }
  }

  private List<Ranked> rank(Reranker reranker, TextSource source, List<String> texts)
      throws IOException {
    List<Ranked> ranking = new ArrayList<>();
    try (Progress progress = new Progress(streams)) {
      for (List<String> batch = source.next(); !batch.isEmpty(); batch = source.next()) {
        float[] scores = reranker.score(query, batch);
        for (int i = 0; i < scores.length; i++) {
          ranking.add(new Ranked(texts.size(), scores[i]));
          texts.add(batch.get(i));
        }
        progress.update(texts.size(), source.fraction());
      }
    } catch (UnusableModelException e) {
      throw new CommandFailedException(
          "%s: its score is %s; the model %s is damaged"
              .formatted(
                  source.place(texts.size() + e.index()), e.value(), reranker.model().name()));
    }
    ranking.sort(Ranked.BEST_FIRST);
    return ranking;
  }

  private String line(Ranked ranked, String text) {
    return json
        ? "{\"index\":%d,\"score\":%s,\"text\":%s}\n"
            .formatted(ranked.index(), ranked.score(), Json.text(text))
        : String.format(Locale.ROOT, "%7.4f  %s\n", ranked.score(), text);
  }
}
