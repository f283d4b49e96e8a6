package dev.kumiko.train;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Small models with a vocabulary of numbers. */
public final class ModelFiles {
  private ModelFiles() {}

  /** Describes a model whose tokenizer knows as many words as the table has rows. */
  public static ModelDescription description(Architecture architecture, Head head) {
    TokenizerDescription tokenizer =
        new TokenizerDescription(
            List.of(new NormalizerStep.Bert(true, true, true, true)),
            List.of(SplitStep.Simple.BERT),
            new TokenModel.WordPiece("##", 100, 1),
            SpecialTokens.bert(2, 3),
            List.of());
    return new ModelDescription(
        "small",
        "",
        architecture,
        head,
        Similarity.COSINE,
        architecture.longestInput(),
        Map.of(),
        "",
        tokenizer,
        Optional.empty());
  }

  /** Prepares a file without its weights. */
  public static ModelWriter writer(Path target, ModelDescription description) throws IOException {
    ModelWriter writer = new ModelWriter(target).metadata(description.toMetadata());
    List<String> words =
        IntStream.range(0, description.architecture().vocabularySize())
            .mapToObj(i -> "w" + i)
            .toList();
    TokenizerTables.of("words", words, new double[0], new int[0], new byte[0])
        .addTo(writer, description.tokenizer());
    return writer;
  }

  /** Writes a model with a dense token table. */
  public static Path write(Path target, ModelDescription description, Map<String, float[]> weights)
      throws IOException {
    ModelWriter writer = writer(target, description);
    for (Map.Entry<String, List<Long>> required : TensorNames.required(description).entrySet()) {
      long[] shape = required.getValue().stream().mapToLong(Long::longValue).toArray();
      writer.floats(required.getKey(), weights.get(required.getKey()), shape);
    }
    writer.write();
    return target;
  }

  /** Returns random weights, those of linear maps small enough to keep the size of a row. */
  public static Map<String, float[]> random(ModelDescription description, long seed) {
    Random random = new Random(seed);
    Map<String, float[]> weights = new LinkedHashMap<>();
    TensorNames.required(description)
        .forEach(
            (name, shape) -> {
              int count = shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b);
              double scale = shape.size() == 2 ? 1 / Math.sqrt(shape.getLast()) : 0.3;
              double mean = shape.size() == 1 && name.endsWith("norm.weight") ? 1 : 0;
              float[] values = new float[count];
              for (int i = 0; i < count; i++) {
                values[i] = (float) (mean + scale * random.nextGaussian());
              }
              weights.put(name, values);
            });
    return weights;
  }
}
