package dev.kumiko.tools.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.ComposedTable;
import dev.kumiko.format.Composition;
import dev.kumiko.format.Composition.Assignment;
import dev.kumiko.format.DType;
import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenCodes;
import dev.kumiko.table.TokenTable;
import dev.kumiko.tools.compress.Compressor.Options;
import dev.kumiko.tools.compress.Compressor.Result;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import dev.kumiko.tools.quantize.Quantizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of 3,640 tokens with 48 components each. */
class CompressorTest {
  private static final int TOKENS = 3640;
  private static final int HIDDEN = 48;
  private static final Options CONTEXT =
      new Options(7, 64, Assignment.CONTEXT, false, false, OptionalInt.empty(), 1, 2);

  @TempDir Path folder;

  private Path fp32;
  private Path target;

  @BeforeEach
  void convert() throws IOException {
    fp32 = folder.resolve("fp32.safetensors");
    target = folder.resolve("target.safetensors");
    Converter.convert(
        TestModels.resource("fixtures/bert-mean"), fp32, ConversionOptions.NONE, line -> {});
  }

  private static Options cartesian(int parts, int codes, boolean ordered) {
    return new Options(
        parts, codes, Assignment.CARTESIAN, false, ordered, OptionalInt.empty(), 0, 2);
  }

  private Result compress(Path source, Options options) throws IOException {
    return Compressor.compress(source, target, options, Optional.empty(), done -> {});
  }

  private static float[] rows(Path model) throws IOException {
    float[] rows = new float[TOKENS * HIDDEN];
    try (ModelFile file = ModelFile.open(model);
        TokenTable table = TokenTable.open(file, TOKENS, HIDDEN)) {
      for (int token = 0; token < TOKENS; token++) {
        table.copy(token, rows, token * HIDDEN);
      }
    }
    return rows;
  }

  private static double relativeError(float[] expected, float[] actual) {
    double error = 0;
    double magnitude = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = (double) expected[i] - actual[i];
      error += difference * difference;
      magnitude += (double) expected[i] * expected[i];
    }
    return Math.sqrt(error / magnitude);
  }

  @Test
  void everyTokenHasItsNearestSubVectors() throws IOException {
    assertEquals(0, compress(fp32, CONTEXT).moved());
    float[] rows = rows(fp32);
    try (ModelFile file = ModelFile.open(target)) {
      ComposedTable table = ComposedTable.read(file, TOKENS, HIDDEN);
      TokenCodes codes = table.codes(file);
      assertEquals(DType.U8, file.tensor(TensorNames.TOKEN_CODES).type());
      int start = 0;
      for (int f = 0; f < CONTEXT.parts(); f++) {
        int width = table.width(f);
        assertEquals(f < 6 ? 6 : 12, width);
        float[] vectors = table.vectors(f);
        for (int token = 0; token < TOKENS; token++) {
          int nearest = 0;
          double smallest = Double.POSITIVE_INFINITY;
          for (int code = 0; code < CONTEXT.codes(); code++) {
            double distance = 0;
            for (int i = 0; i < width; i++) {
              double value = rows[token * HIDDEN + start + i];
              distance += Math.pow(value - vectors[code * width + i], 2);
            }
            if (distance < smallest) {
              smallest = distance;
              nearest = code;
            }
          }
          assertEquals(nearest, codes.code(token, f), "token " + token + ", part " + f);
        }
        start += width;
      }
    }
  }

  @Test
  void theErrorIsThatOfTheWrittenTable() throws IOException {
    for (boolean int8 : new boolean[] {false, true}) {
      Options options =
          new Options(12, 100, Assignment.CONTEXT, int8, false, OptionalInt.of(0), 1, 2);
      double error = compress(fp32, options).relativeError();
      assertEquals(relativeError(rows(fp32), rows(target)), error, 1e-6);
      assertTrue(error < 0.8, "relative error " + error);
    }
  }

  @Test
  void moreCodesAndMorePartsAreCloser() throws IOException {
    double coarse = compress(fp32, CONTEXT).relativeError();
    double codes =
        compress(
                fp32,
                new Options(7, 300, Assignment.CONTEXT, false, false, OptionalInt.empty(), 1, 2))
            .relativeError();
    double parts =
        compress(
                fp32,
                new Options(16, 64, Assignment.CONTEXT, false, false, OptionalInt.empty(), 1, 2))
            .relativeError();
    assertTrue(codes < coarse && parts < coarse, coarse + ", " + codes + ", " + parts);
  }

  @Test
  void dependsOnTheSeedAndNotOnTheThreads() throws IOException {
    compress(fp32, CONTEXT);
    byte[] two = Files.readAllBytes(target);
    Options one = new Options(7, 64, Assignment.CONTEXT, false, false, OptionalInt.empty(), 1, 1);
    compress(fp32, one);
    assertArrayEquals(two, Files.readAllBytes(target));
    Options many = new Options(7, 64, Assignment.CONTEXT, false, false, OptionalInt.empty(), 1, 16);
    compress(fp32, many);
    assertArrayEquals(two, Files.readAllBytes(target));
    Options other = new Options(7, 64, Assignment.CONTEXT, false, false, OptionalInt.empty(), 2, 2);
    compress(fp32, other);
    assertFalse(Arrays.equals(two, Files.readAllBytes(target)));
  }

  /** Of 3,721 combinations 3,640 are taken: most tokens cannot have their nearest. */
  @Test
  void noTwoTokensEndWithTheSameCodes() throws IOException {
    Options narrow =
        new Options(2, 61, Assignment.CONTEXT, false, false, OptionalInt.empty(), 1, 2);
    assertTrue(compress(fp32, narrow).moved() > 0);
    try (ModelFile file = ModelFile.open(target)) {
      assertTrue(Composition.of(file).orElseThrow().distinct());
      ComposedTable.read(file, TOKENS, HIDDEN).codes(file);
    }
    Embedder.load(target).close();
  }

  @Test
  void frequentTokensAreCloser() throws IOException {
    long[] counts = new long[TOKENS];
    for (int token = 100; token < 150; token++) {
      counts[token] = 1000;
    }
    compress(fp32, CONTEXT);
    double before = part(rows(target));
    Compressor.compress(fp32, target, CONTEXT, Optional.of(counts), done -> {});
    double after = part(rows(target));
    assertTrue(after < before / 2, before + " became " + after);
  }

  private double part(float[] rows) throws IOException {
    int from = 100 * HIDDEN;
    int to = 150 * HIDDEN;
    return relativeError(
        Arrays.copyOfRange(rows(fp32), from, to), Arrays.copyOfRange(rows, from, to));
  }

  @Test
  void cartesianSubVectorsAreTheMeansOfTheirTokens() throws IOException {
    compress(fp32, cartesian(3, 16, false));
    float[] rows = rows(fp32);
    double[] expected = new double[HIDDEN];
    for (int f = 0; f < 3; f++) {
      int shared = 0;
      double[] sums = new double[16];
      for (int token = 0; token < TOKENS; token++) {
        if (token / (int) Math.pow(16, f) % 16 == 1234 / (int) Math.pow(16, f) % 16) {
          shared++;
          for (int i = 0; i < 16; i++) {
            sums[i] += rows[token * HIDDEN + 16 * f + i];
          }
        }
      }
      for (int i = 0; i < 16; i++) {
        expected[16 * f + i] = sums[i] / shared;
      }
    }
    float[] composed = rows(target);
    for (int i = 0; i < HIDDEN; i++) {
      assertEquals(expected[i], composed[1234 * HIDDEN + i], 1e-6);
    }
  }

  @Test
  void anOrderOfTheTokensBringsTheCartesianTableCloser() throws IOException {
    double plain = compress(fp32, cartesian(2, 61, false)).relativeError();
    long size = Files.size(target);
    double ordered = compress(fp32, cartesian(2, 61, true)).relativeError();
    assertTrue(ordered < 0.99 * plain, plain + " became " + ordered);
    assertEquals(4.0 * TOKENS, (double) (Files.size(target) - size), 256);
    Embedder.load(target).close();
  }

  @Test
  void specialTokensMayKeepTheirRows() throws IOException {
    compress(fp32, new Options(7, 64, Assignment.CONTEXT, false, false, OptionalInt.of(0), 1, 2));
    float[] before = rows(fp32);
    float[] after = rows(target);
    try (ModelFile file = ModelFile.open(target)) {
      int[] ids = file.tensor(TensorNames.OWN_ROW_IDS).toInts();
      assertEquals(2, ids.length);
      for (int id : ids) {
        for (int i = id * HIDDEN; i < (id + 1) * HIDDEN; i++) {
          assertEquals(before[i], after[i]);
        }
      }
    }
  }

  @Test
  void vectorsEqualThoseOfADenseModelWithTheComposedRows() throws IOException {
    Path int8 = folder.resolve("int8.safetensors");
    Quantizer.quantize(fp32, int8);
    for (Path source : List.of(fp32, int8)) {
      Options options =
          new Options(12, 100, Assignment.CONTEXT, true, false, OptionalInt.of(0), 1, 2);
      compress(source, options);
      Path dense = dense(target, rows(target));
      try (Embedder expected = Embedder.load(dense);
          Embedder actual = Embedder.load(target)) {
        List<String> texts = texts();
        List<Embedding> right = expected.embedAll(texts);
        List<Embedding> composed = actual.embedAll(texts);
        for (int i = 0; i < texts.size(); i++) {
          assertArrayEquals(right.get(i).vector(), composed.get(i).vector(), 1e-6f);
        }
      }
    }
  }

  private Path dense(Path source, float[] rows) throws IOException {
    Path dense = folder.resolve("dense.safetensors");
    try (ModelFile file = ModelFile.open(source)) {
      Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
      metadata.remove(Composition.METADATA);
      ModelWriter writer = new ModelWriter(dense).metadata(metadata);
      writer.floats(TensorNames.TOKEN_EMBEDDINGS, rows, TOKENS, HIDDEN);
      for (Tensor tensor : file.tensors().values()) {
        if (!tensor.name().startsWith("embeddings.token.")) {
          writer.copy(tensor.name(), tensor);
        }
      }
      writer.write();
    }
    return dense;
  }

  private static List<String> texts() throws IOException {
    Path golden = TestModels.resource("fixtures/bert-mean/golden.json");
    List<String> texts = new ArrayList<>();
    for (Json text : Json.parse("golden.json", Files.readAllBytes(golden)).get("texts").items()) {
      texts.add(text.asString());
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"labse", "distilbert", "roberta", "xlmr-unigram", "mpnet", "modernbert"})
  void everyFamilyCanBeCompressed(String family) throws IOException {
    Path source = folder.resolve(family);
    Converter.convert(
        TestModels.resource("fixtures/" + family), source, ConversionOptions.NONE, line -> {});
    Options options = new Options(5, 200, Assignment.CONTEXT, true, false, OptionalInt.of(0), 1, 2);
    compress(source, options);
    try (Embedder dense = Embedder.load(source);
        Embedder composed = Embedder.load(target)) {
      Embedding expected = dense.embed("A purlin carries the rafters of a roof.");
      Embedding actual = composed.embed("A purlin carries the rafters of a roof.");
      assertEquals(expected.tokens(), actual.tokens());
      assertTrue(expected.cosine(actual) > 0.5, "cosine " + expected.cosine(actual));
    }
  }

  @Test
  void compressedModelsCanBeQuantised() throws IOException {
    Path small = folder.resolve("small.safetensors");
    for (boolean int8 : new boolean[] {false, true}) {
      compress(fp32, new Options(7, 64, Assignment.CONTEXT, int8, false, OptionalInt.of(0), 1, 2));
      Quantizer.quantize(target, small);
      try (ModelFile file = ModelFile.open(small)) {
        assertTrue(Int8Matrix.isStored(file, TensorNames.composedPart(6)));
        assertTrue(Int8Matrix.isStored(file, TensorNames.feedForwardUp(0)));
      }
      assertTrue(relativeError(rows(target), rows(small)) < 0.02);
      Embedder.load(small).close();
    }
  }

  @Test
  void theNoteOnQuantisationForgetsTheTable() throws IOException {
    Path int8 = folder.resolve("int8.safetensors");
    Quantizer.quantize(fp32, int8);
    compress(int8, CONTEXT);
    try (ModelFile file = ModelFile.open(target)) {
      Json errors =
          Json.parse("note", file.metadata().get(Quantizer.METADATA)).get("relative_error");
      assertEquals(18, errors.members().size());
      assertFalse(errors.members().containsKey("embeddings.token"));
    }
  }

  @Test
  void int8PositionsStayClose() throws IOException {
    compress(fp32, new Options(7, 64, Assignment.CONTEXT, true, false, OptionalInt.empty(), 1, 2));
    String part = TensorNames.POSITION_EMBEDDINGS_PART;
    try (ModelFile before = ModelFile.open(fp32);
        ModelFile after = ModelFile.open(target)) {
      float[] expected = before.tensor(TensorNames.POSITION_EMBEDDINGS).toFloats();
      float[] actual = Int8Matrix.read(after, part, expected.length / HIDDEN, HIDDEN).toFloats();
      assertTrue(relativeError(expected, actual) < 0.01);
    }
    Embedder.load(target).close();
  }

  private void refused(Path source, Options options, String message) {
    IOException e = assertThrows(IOException.class, () -> compress(source, options));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertFalse(Files.exists(target));
  }

  @Test
  void refusesOptionsThatDoNotFitTheModel() {
    Assignment context = Assignment.CONTEXT;
    refused(
        fp32,
        new Options(49, 64, context, false, false, OptionalInt.empty(), 0, 2),
        "--parts is 49, but must be from 1 to 48");
    refused(
        fp32,
        new Options(4, 3641, context, false, false, OptionalInt.empty(), 0, 2),
        "--codes is 3,641, but must be from 1 to 3,640, the number of tokens");
    refused(
        fp32,
        new Options(2, 60, context, false, false, OptionalInt.empty(), 0, 2),
        "2 parts of 60 codes make 3,600 combinations");
    refused(fp32, cartesian(0, 60, false), "--parts is 0");
    refused(fp32, cartesian(2, 60, false), "3,640 tokens and each needs its own");
  }

  @Test
  void refusesACompressedModel() throws IOException {
    compress(fp32, CONTEXT);
    Path source = folder.resolve("compressed.safetensors");
    Files.move(target, source);
    refused(source, CONTEXT, "is compressed already");
  }

  @Test
  void refusesATableThatIsNotFinite() throws IOException {
    float[] rows = rows(fp32);
    rows[5 * HIDDEN + 7] = Float.NaN;
    refused(dense(fp32, rows), CONTEXT, "has the value NaN in row 5");
  }

  @Test
  void anInterruptedRunLeavesNothingBehind() throws IOException {
    Thread caller = Thread.currentThread();
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                Compressor.compress(
                    fp32, target, CONTEXT, Optional.empty(), done -> caller.interrupt()));
    assertEquals("interrupted; nothing has been written", e.getMessage());
    assertTrue(Thread.interrupted());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(fp32), files.toList());
    }
  }
}
