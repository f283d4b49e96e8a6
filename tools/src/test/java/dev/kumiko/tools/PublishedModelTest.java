package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtException;
import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Prompt;
import dev.kumiko.format.Pooling;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Published models, converted from their JARs, against ONNX Runtime on the files in them: every
 * line of the STS benchmark. Both sides compute in float. The plain kernels, which are slower, take
 * a sample.
 */
class PublishedModelTest {
  /** That of all-MiniLM-L6-v2, though these have more layers or longer rows. */
  private static final double LARGEST_DIFFERENCE = 5e-6;

  private static final int LINES = 1500;
  private static final int SAMPLED = 50;

  static final List<Model> MODELS =
      List.of(
          new Model("bge-small-en-v1.5", Pooling.CLS, Prompt.NONE, "stsb-en-dev.csv", 88.92),
          new Model("e5-small-v2", Pooling.MEAN, Prompt.QUERY, "stsb-en-dev.csv", 87.80),
          new Model("bge-small-zh-v1.5", Pooling.CLS, Prompt.NONE, "stsb-zh-dev.csv", 81.89));

  /**
   * A published model.
   *
   * @param data pairs of sentences with people's scores
   * @param score what ONNX Runtime gets for them: Spearman of cosine times 100
   */
  record Model(String name, Pooling pooling, Prompt prompt, String data, double score) {
    String resource() {
      return "/" + name + ".onnx";
    }

    /** The JAR on the class path that holds the model. */
    Path jar() throws IOException, URISyntaxException {
      JarURLConnection connection =
          (JarURLConnection) PublishedModelTest.class.getResource(resource()).openConnection();
      return Path.of(connection.getJarFileURL().toURI());
    }
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @FieldSource("MODELS")
  void everyLineEqualsOnnxRuntime(Model model)
      throws IOException, URISyntaxException, OrtException {
    StsPairs pairs = pairs(model);
    Path file = folder.resolve("model.safetensors");
    Converter.convert(model.jar(), file, ConversionOptions.NONE, line -> {});
    try (Embedder embedder = Embedder.load(file);
        OnnxRuntimeModel reference = new OnnxRuntimeModel(model.resource(), model.pooling)) {
      boolean all = KernelChoice.kernels().name().equals("vector");
      List<String> texts = texts(pairs, all ? LINES : SAMPLED);
      List<Embedding> embeddings = embedder.embedAll(texts, model.prompt);
      double worst = 0;
      for (int text = 0; text < texts.size(); text++) {
        int[] ids = embedder.tokenize(texts.get(text), model.prompt).ids();
        double[] expected = reference.embed(ids);
        float[] actual = embeddings.get(text).vector();
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
          double difference = Math.abs(expected[i] - actual[i]);
          worst = Math.max(worst, difference);
          assertTrue(
              difference < LARGEST_DIFFERENCE,
              "text %d, \"%s\", is off by %g".formatted(text, texts.get(text), difference));
        }
      }
      System.out.printf(
          "%s on %s: largest difference from ONNX Runtime %.2g over %d texts%n",
          model.name, embedder.backend(), worst, texts.size());
      if (all) {
        assertEquals(model.score, spearman(pairs, embeddings), 0.005, model.name);
      }
    }
  }

  private static StsPairs pairs(Model model) throws IOException {
    Path data = Path.of(System.getProperty("kumiko.data"), "sts", model.data);
    assumeTrue(Files.exists(data), () -> data + " is absent; give its folder with -Dkumiko.data");
    StsPairs pairs = StsPairs.read(data);
    assertTrue(pairs.scores().size() >= LINES - 100, pairs.scores().size() + " lines");
    return pairs;
  }

  private static List<String> texts(StsPairs pairs, int lines) throws IOException {
    List<String> texts = new ArrayList<>();
    try (TextSource source = pairs.texts()) {
      for (List<String> batch = source.next(); !batch.isEmpty(); batch = source.next()) {
        texts.addAll(batch);
      }
    }
    return texts.subList(0, Math.min(texts.size(), 2 * lines));
  }

  private static double spearman(StsPairs pairs, List<Embedding> embeddings) {
    double[] cosines = new double[pairs.scores().size()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = embeddings.get(2 * i).cosine(embeddings.get(2 * i + 1));
    }
    double[] scores = pairs.scores().stream().mapToDouble(Double::doubleValue).toArray();
    return 100 * new SpearmansCorrelation().correlation(cosines, scores);
  }
}
