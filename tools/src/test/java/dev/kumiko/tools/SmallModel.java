package dev.kumiko.tools;

import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model with random weights, its reference vectors, and a prompt named "query". */
final class SmallModel {
  static final String FIXTURE = "fixtures/bert-mean";
  static final int DIMENSION = 48;
  static final int MAX_TOKENS = 64;

  private static final Path FILE = convert();

  private SmallModel() {}

  /** Returns the model's path. */
  static String path() {
    return FILE.toString();
  }

  private static Path convert() {
    try {
      Path folder = Files.createTempDirectory("kumiko-test");
      Path source = TestModels.copy(FIXTURE, folder.resolve("bert-mean"));
      Files.writeString(
          source.resolve("config_sentence_transformers.json"),
          "{\"prompts\": {\"query\": \"query: \"}}");
      Path target = folder.resolve("small.safetensors");
      Converter.convert(source, target, ConversionOptions.NONE, line -> {});
      target.toFile().deleteOnExit();
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the reference's texts. */
  static List<String> texts() throws IOException {
    try (InputStream in = Files.newInputStream(TestModels.resource(FIXTURE + "/golden.json"))) {
      List<String> texts = new ArrayList<>();
      for (Json text : Json.parse("golden.json", in).get("texts").items()) {
        texts.add(text.asString());
      }
      return texts;
    }
  }

  /** Returns the reference's vectors, one after another. */
  static float[] vectors() throws IOException {
    try (ModelFile golden = ModelFile.open(TestModels.resource(FIXTURE + "/golden.safetensors"))) {
      Tensor embeddings = golden.tensor("embeddings");
      return embeddings.toFloats();
    }
  }

  /** Returns the cosine of two of the reference's vectors, which are normalised. */
  static double cosine(int first, int second) throws IOException {
    float[] vectors = vectors();
    double sum = 0;
    for (int i = 0; i < DIMENSION; i++) {
      sum += (double) vectors[first * DIMENSION + i] * vectors[second * DIMENSION + i];
    }
    return sum;
  }
}
