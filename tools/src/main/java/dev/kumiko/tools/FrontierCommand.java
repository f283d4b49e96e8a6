package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.EmbedderBuilder;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets the size of models' token tables against their quality. */
@Command(
    name = "frontier",
    description = "Compare the sizes of models' token tables with what they cost in quality.",
    footer = {
      "",
      "Errors are those against the table of the first MODEL. FILE is CSV in UTF-8 without a",
      "header: sentence, sentence, score.",
      "",
      "Example:",
      "  kumiko eval frontier --pairs stsb-en-dev.csv --chart frontier.png \\",
      "      minilm.safetensors small.safetensors tiny.safetensors"
    })
final class FrontierCommand implements Callable<Integer> {
  private static final int WARM_UP_TEXTS = 512;

  private final Streams streams;

  @Parameters(paramLabel = "MODEL", arity = "1..*", description = "Kumiko model files.")
  private List<Path> models;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      required = true,
      description = "Sentence pairs with people's scores, as for \"kumiko eval sts\".")
  private Path pairs;

  @Option(
      names = "--chart",
      paramLabel = "PNG",
      description = "Draw quality over bytes into this file.")
  private Path chart;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of threads; the default is the number of processors.")
  private Integer threads;

  @Mixin private PrecisionOption precision;

  FrontierCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (threads != null && threads < 1) {
      throw new UsageException("--threads must be at least 1, not " + threads);
    }
    if (chart != null) {
      FrontierChart.check(chart);
    }
    StsPairs scored = StsPairs.read(pairs);
    List<FrontierPoint> points = new ArrayList<>();
    try (ModelFile reference = ModelFile.open(ModelPath.check(models.getFirst()))) {
      for (Path model : models) {
        points.add(measure(model, reference, scored));
      }
    }
    if (chart != null) {
      FrontierChart.write(points, chart);
    }
    Writer out = streams.writer();
    out.write(FrontierPoint.table(points));
    out.flush();
    return 0;
  }

  private FrontierPoint measure(Path path, ModelFile reference, StsPairs scored)
      throws IOException {
    EmbedderBuilder builder = Embedder.builder().precision(precision.precision());
    if (threads != null) {
      builder.threads(threads);
    }
    try (ModelFile file = ModelFile.open(ModelPath.check(path));
        Embedder embedder = builder.load(path)) {
      RandomWeights.mention(embedder.model(), streams);
      Architecture sizes = ModelDescription.of(file).architecture();
      Architecture others = ModelDescription.of(reference).architecture();
      boolean comparable =
          sizes.vocabularySize() == others.vocabularySize()
              && sizes.hiddenSize() == others.hiddenSize();
      OptionalDouble error =
          comparable
              ? OptionalDouble.of(TableError.relative(reference, file, sizes))
              : OptionalDouble.empty();
      List<String> sentences = scored.sentences();
      embedder.embedAll(sentences.subList(0, Math.min(WARM_UP_TEXTS, sentences.size())));
      StsScores scores = StsScores.of(embedder, scored, pairs, streams);
      return new FrontierPoint(path, TableFacts.of(file, sizes), error, scores);
    }
  }
}
