package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.TextClassifier;
import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Classifier.ScoreFunction;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import dev.kumiko.train.model.Memory;
import dev.kumiko.train.model.Pass;
import dev.kumiko.train.model.TrainableModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is trained is what is served: for every family the forward pass of training equals it. */
class TrainableForwardTest {
  private static final float TOLERANCE = 1e-6f;

  @TempDir private Path folder;

  static Stream<String> embedders() {
    return Stream.concat(
        FamilyTest.FIXTURES.stream().map(name -> "fixtures/" + name),
        Stream.of("all-poolings", "head", "lower-case").map(name -> "sentence-modules/" + name));
  }

  private Path convert(String name) throws IOException {
    Path target = folder.resolve("model.safetensors");
    Optional<Variant> variant =
        Optional.ofNullable(FamilyTest.VARIANTS.get(name.substring(name.indexOf('/') + 1)));
    ConversionOptions options =
        new ConversionOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), variant);
    Converter.convert(TestModels.resource(name), target, options, line -> {});
    return target;
  }

  private static List<String> strings(String name, String member) throws IOException {
    Path file = TestModels.resource(name).resolve("golden.json");
    List<String> strings = new ArrayList<>();
    for (Json text : Json.parse("golden.json", Files.readAllBytes(file)).get(member).items()) {
      strings.add(text.asString());
    }
    return strings;
  }

  @ParameterizedTest
  @MethodSource("embedders")
  void vectorsAndTokensAreTheEmbedders(String name) throws IOException {
    Path path = convert(name);
    List<String> texts = strings(name, "texts");
    try (Embedder embedder = Embedder.load(path);
        TrainableModel model = TrainableModel.open(path, 2, Memory.KEEP);
        ModelFile file = ModelFile.open(path);
        Encoder encoder =
            new Encoder(model.description().architecture(), file, KernelChoice.kernels())) {
      Workspace w = new Workspace(model.description().architecture());
      for (String text : texts) {
        int[] ids = embedder.tokenize(text).ids();
        w.texts().add(ids, ids.length);
      }
      PackedTexts packed = w.texts();
      Pass pass = model.forward(packed);
      encoder.encode(
          w,
          layer -> {
            int size = model.description().architecture().hiddenSize();
            float[] hidden = Arrays.copyOf(w.hidden(), packed.rows() * size);
            String what = name + " after step " + layer;
            assertArrayEquals(hidden, pass.hidden(layer), TOLERANCE, what);
          });
      List<Embedding> expected = embedder.embedAll(texts);
      int size = embedder.dimension();
      assertEquals(expected.size() * size, pass.vectors().length);
      for (int text = 0; text < expected.size(); text++) {
        float[] found = Arrays.copyOfRange(pass.vectors(), text * size, (text + 1) * size);
        assertArrayEquals(expected.get(text).vector(), found, TOLERANCE, name + " text " + text);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-reranker",
        "roberta-reranker",
        "mpnet-reranker",
        "modernbert-reranker",
        "xlmr-classifier",
        "distilbert-classifier"
      })
  void scoresAreTheClassifiers(String name) throws IOException {
    String source = "cross-encoders/" + name;
    Path path = convert(source);
    String query = "the roof of a b";
    List<String> documents = strings(source, "documents");
    try (TextClassifier classifier = TextClassifier.load(path);
        TrainableModel model = TrainableModel.open(path, 2, Memory.RECOMPUTE);
        ModelFile file = ModelFile.open(path)) {
      Tokenizer tokenizer = tokenizer(file, model.description());
      PackedTexts texts = new PackedTexts();
      for (String document : documents) {
        int longest = model.description().maxTokens();
        Encoding pair = tokenizer.encodePair(query, document, longest);
        texts.add(pair.ids(), pair.firstLength());
      }
      float[] raw = model.forward(texts).vectors();
      ScoreFunction function = model.description().classifier().orElseThrow().function();
      int labels = classifier.labels().size();
      for (int i = 0; i < documents.size(); i++) {
        float[] scores = scores(function, Arrays.copyOfRange(raw, i * labels, (i + 1) * labels));
        float[] expected = classifier.classify(query, documents.get(i));
        assertArrayEquals(expected, scores, TOLERANCE, name + " document " + i);
      }
    }
  }

  private static Tokenizer tokenizer(ModelFile file, ModelDescription description)
      throws IOException {
    int rows = description.architecture().vocabularySize();
    TokenizerTables tables = TokenizerTables.read(file, description.tokenizer(), rows);
    return Tokenizers.of(description.tokenizer(), tables);
  }

  private static float[] scores(ScoreFunction function, float[] raw) {
    double sum = 0;
    for (float x : raw) {
      sum += Math.exp(x);
    }
    float[] scores = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      scores[i] =
          switch (function) {
            case IDENTITY -> raw[i];
            case SIGMOID -> (float) (1 / (1 + Math.exp(-raw[i])));
            case SOFTMAX -> (float) (Math.exp(raw[i]) / sum);
          };
    }
    return scores;
  }
}
