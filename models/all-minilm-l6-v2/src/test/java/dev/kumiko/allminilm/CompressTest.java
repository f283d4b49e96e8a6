package dev.kumiko.allminilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.Composition.Assignment;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.compress.Compressor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a token table composed of 98,304 numbers instead of 11,720,448 costs, without training. */
class CompressTest {
  private static final int CODES = 256;

  @TempDir Path folder;

  private double spearman(Path source, int parts, boolean int8, boolean frequencies)
      throws IOException {
    List<String> texts = StsBenchmark.texts();
    Path target = folder.resolve("compressed.safetensors");
    Compressor.Options options =
        new Compressor.Options(
            parts,
            CODES,
            Assignment.CONTEXT,
            int8,
            false,
            OptionalInt.empty(),
            0,
            Runtime.getRuntime().availableProcessors());
    Optional<long[]> counts = frequencies ? Optional.of(counts(source)) : Optional.empty();
    Compressor.compress(source, target, options, counts, done -> {});
    double[] cosines = new double[texts.size() / 2];
    try (Embedder embedder = Embedder.load(target)) {
      List<Embedding> embeddings = embedder.embedAll(texts);
      for (int i = 0; i < cosines.length; i++) {
        cosines[i] = embeddings.get(2 * i).cosine(embeddings.get(2 * i + 1));
      }
    }
    return 100 * new SpearmansCorrelation().correlation(cosines, StsBenchmark.scores());
  }

  /** How often each token occurs in the benchmark's train split. */
  private static long[] counts(Path model) throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      long[] counts = new long[embedder.model().vocabularySize()];
      for (String line : Files.readAllLines(StsBenchmark.file("stsb-en-train.csv"))) {
        for (int id : embedder.tokenize(line).ids()) {
          counts[id]++;
        }
      }
      return counts;
    }
  }

  @ParameterizedTest
  @CsvSource({"48, false, 85.8", "48, true, 86.0", "96, false, 86.5"})
  void staysCloseToTheDenseTable(int parts, boolean frequencies, double least) throws IOException {
    Path model = Path.of(System.getProperty("kumiko.fp32"));
    double spearman = spearman(model, parts, false, frequencies);
    System.out.printf(
        "%d parts%s: Spearman %.2f%n", parts, frequencies ? " by frequency" : "", spearman);
    assertTrue(spearman >= least, "Spearman " + spearman);
    try (ModelFile file = ModelFile.open(folder.resolve("compressed.safetensors"))) {
      long parameters = 0;
      for (int f = 0; f < parts; f++) {
        parameters += file.tensor(TensorNames.weight(TensorNames.composedPart(f))).elements();
      }
      assertEquals(98_304, parameters);
    }
  }

  @Test
  void theInt8ModelFitsIntoThirteenMegabytes() throws IOException, URISyntaxException {
    URL model = getClass().getResource("/META-INF/kumiko/default-model.safetensors");
    double spearman = spearman(Path.of(model.toURI()), 48, true, true);
    long bytes = Files.size(folder.resolve("compressed.safetensors"));
    System.out.printf("int8, 48 parts: %,d bytes, Spearman %.2f%n", bytes, spearman);
    assertTrue(bytes <= 13_000_000, bytes + " bytes");
    assertTrue(spearman >= 85.6, "Spearman " + spearman);
  }
}
