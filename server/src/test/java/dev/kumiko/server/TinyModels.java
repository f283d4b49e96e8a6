package dev.kumiko.server;

import dev.kumiko.format.Activation;
import dev.kumiko.format.AddedToken;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Classifier;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Models of a few hundred kilobytes whose weights nobody has trained. */
final class TinyModels {
  static final int DIMENSION = 32;
  static final int MAX_TOKENS = 512;

  private static final int CLS = 2;
  private static final int SEP = 3;
  private static final List<String> VOCABULARY = vocabulary();

  private TinyModels() {}

  /** Writes a model that gives normalised embeddings and has the prompt {@code query}. */
  static Path embedder(Path target, String name, long seed) throws IOException {
    return write(target, name, new Head(Pooling.MEAN, true), Optional.empty(), seed);
  }

  /** The same, but the vectors have any length. */
  static Path embedderOfAnyLength(Path target, String name, long seed) throws IOException {
    return write(target, name, new Head(Pooling.MEAN, false), Optional.empty(), seed);
  }

  /** Writes a model with one score. */
  static Path reranker(Path target, String name, long seed) throws IOException {
    Classifier classifier = new Classifier(List.of("LABEL_0"), Classifier.ScoreFunction.SIGMOID);
    return write(target, name, head(1), Optional.of(classifier), seed);
  }

  /** Writes a model with three labels. */
  static Path classifier(Path target, String name, long seed) throws IOException {
    Classifier classifier =
        new Classifier(
            List.of("contradiction", "entailment", "neutral"), Classifier.ScoreFunction.SOFTMAX);
    return write(target, name, head(3), Optional.of(classifier), seed);
  }

  private static Head head(int labels) {
    return new Head(
        List.of(Pooling.CLS),
        true,
        List.of(
            new HeadStep.Dense(DIMENSION, true, HeadActivation.TANH),
            new HeadStep.Dense(labels, true, HeadActivation.IDENTITY)),
        false);
  }

  private static Path write(
      Path target, String name, Head head, Optional<Classifier> classifier, long seed)
      throws IOException {
    ModelDescription description =
        new ModelDescription(
            name,
            "",
            new Architecture(
                "bert",
                2,
                DIMENSION,
                4,
                2 * DIMENSION,
                Activation.GELU,
                1e-12,
                VOCABULARY.size(),
                MAX_TOKENS,
                2),
            head,
            Similarity.COSINE,
            MAX_TOKENS,
            Map.of("query", "query: "),
            "",
            tokenizer(),
            classifier);
    ModelWriter writer = new ModelWriter(target).metadata(description.toMetadata());
    Random random = new Random(seed);
    TensorNames.required(description)
        .forEach(
            (tensor, shape) -> writer.floats(tensor, weights(random, tensor, shape), longs(shape)));
    TokenizerTables.of(name, VOCABULARY, new double[0], new int[0], new byte[0])
        .addTo(writer, description.tokenizer());
    writer.write();
    return target;
  }

  /** Norms are near 1, and vectors of different texts far from each other. */
  private static float[] weights(Random random, String tensor, List<Long> shape) {
    float[] weights = new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
    boolean norm = tensor.endsWith("norm.weight");
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (norm ? 1 + 0.1 * random.nextGaussian() : 0.3 * random.nextGaussian());
    }
    return weights;
  }

  private static long[] longs(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  private static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    for (char c = '!'; c <= '~'; c++) {
      if (!Character.isUpperCase(c)) {
        tokens.add(String.valueOf(c));
        tokens.add("##" + c);
      }
    }
    tokens.addAll(List.of("purlin", "rafter", "roof", "beam", "query", "the", "of"));
    return tokens;
  }

  private static TokenizerDescription tokenizer() {
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < 5; id++) {
      added.add(new AddedToken(id, VOCABULARY.get(id), false, false, false, false, true));
    }
    return new TokenizerDescription(
        List.of(new NormalizerStep.Bert(true, true, true, true)),
        List.of(SplitStep.Simple.BERT),
        new TokenModel.WordPiece("##", 100, 1),
        SpecialTokens.bert(CLS, SEP),
        added);
  }
}
