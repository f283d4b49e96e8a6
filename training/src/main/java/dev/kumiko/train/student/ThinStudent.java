package dev.kumiko.train.student;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.table.TokenTable;
import dev.kumiko.train.random.SeededRandom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A student of its own sizes, thin and deep for instance: a BERT with its teacher's tokenizer,
 * prompts and pooling, whose vectors are normalised and as long as its token vectors. Weights begin
 * as BERT's do: those of linear maps and tables normal with a deviation of 0.02, biases 0, gains of
 * norms 1.
 *
 * <p>Source: Mao and Nakagawa (LEALLA), arXiv 2302.08387; Devlin et al., arXiv 1810.04805.
 *
 * @param layers number of layers
 * @param hidden length of a token vector, and of the model's vectors
 * @param heads number of attention heads
 * @param intermediate width of the feed-forward blocks
 */
public record ThinStudent(int layers, int hidden, int heads, int intermediate) {
  private static final double DEVIATION = 0.02;
  private static final double EPSILON = 1e-12;

  /** What the token table begins as. */
  public enum Table {
    /** The teacher's, in the components in which its rows differ most. */
    PCA,
    /** Random numbers, as the other tables. */
    RANDOM
  }

  /** Checks the sizes. */
  public ThinStudent {
    require("layers", layers, Architecture.MAX_LAYERS);
    require("hidden components", hidden, 1 << 16);
    require("heads", heads, 1 << 16);
    require("intermediate components", intermediate, 1 << 20);
    if (hidden % heads != 0) {
      throw new IllegalArgumentException(
          "%d heads do not divide a hidden size of %d".formatted(heads, hidden));
    }
  }

  private static void require(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "The student's number of %s is %,d, expected 1 to %,d".formatted(what, value, most));
    }
  }

  /**
   * Writes the student as it begins. The same teacher, sizes and seed give the same bytes.
   *
   * @param teacher a Kumiko model file of any family and type
   * @param target the file to write, replaced when all is written
   * @param table what becomes of the teacher's token table
   * @param seed of what begins at random
   * @throws IllegalArgumentException if the table cannot begin like this, or the teacher has no
   *     vectors
   * @throws IOException if the teacher cannot be read, is no model, or the target cannot be written
   */
  public void write(Path teacher, Path target, Table table, long seed) throws IOException {
    try (ModelFile file = ModelFile.open(teacher)) {
      ModelDescription taught = ModelDescription.of(file);
      TensorNames.check(file, taught);
      ModelDescription description = describe(file.source(), taught);
      ModelWriter writer = new ModelWriter(target).metadata(description.toMetadata());
      TokenizerTables.read(file, taught.tokenizer(), taught.architecture().vocabularySize())
          .addTo(writer, taught.tokenizer());
      SeededRandom random = new SeededRandom(seed);
      for (Map.Entry<String, List<Long>> weight : TensorNames.required(description).entrySet()) {
        long[] shape = weight.getValue().stream().mapToLong(Long::longValue).toArray();
        boolean isTokenTable = weight.getKey().equals(TensorNames.TOKEN_EMBEDDINGS);
        float[] values =
            isTokenTable && table == Table.PCA
                ? principal(file, taught.architecture())
                : initial(weight.getKey(), shape, random);
        writer.floats(weight.getKey(), values, shape);
      }
      file.state().requireSame();
      writer.write();
    }
  }

  private ModelDescription describe(String source, ModelDescription teacher) {
    if (teacher.classifier().isPresent()) {
      throw new IllegalArgumentException(
          "%s: is a classifier or a reranker, which has scores and no vectors to learn from"
              .formatted(source));
    }
    Architecture architecture =
        new Architecture(
            "bert",
            layers,
            hidden,
            heads,
            intermediate,
            Activation.GELU,
            EPSILON,
            teacher.architecture().vocabularySize(),
            teacher.maxTokens(),
            teacher.architecture().tokenTypes());
    Head head = new Head(teacher.head().pooling(), teacher.head().poolPrompt(), List.of(), true);
    return new ModelDescription(
        "%s-%dx%d".formatted(teacher.name(), layers, hidden),
        "student of %s".formatted(teacher.name()),
        architecture,
        head,
        teacher.similarity(),
        teacher.maxTokens(),
        teacher.prompts(),
        teacher.defaultPrompt(),
        teacher.tokenizer(),
        Optional.empty());
  }

  private float[] principal(ModelFile file, Architecture teacher) throws IOException {
    if (hidden > teacher.hiddenSize()) {
      throw new IllegalArgumentException(
          "A token table of %,d components cannot begin as principal components of the teacher's %,d; begin at random"
              .formatted(hidden, teacher.hiddenSize()));
    }
    try (TokenTable table = TokenTable.open(file, teacher.vocabularySize(), teacher.hiddenSize())) {
      return PrincipalComponents.of(table, hidden).apply(table);
    }
  }

  private static float[] initial(String name, long[] shape, SeededRandom random) {
    int count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, Math.toIntExact(size));
    }
    float[] values = new float[count];
    boolean isMatrix = shape.length == 2;
    boolean isGain = !isMatrix && name.endsWith("norm.weight");
    for (int i = 0; i < count; i++) {
      values[i] = isMatrix ? (float) (DEVIATION * random.nextGaussian()) : isGain ? 1 : 0;
    }
    return values;
  }
}
