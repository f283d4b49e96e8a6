package dev.kumiko.tools.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Precision;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.Int8Activations;
import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose layers take int8 activations. */
class QuantizedActivationsTest {
  private static final Int8Activations INT8 = Quantizer.INT8_ACTIVATIONS;
  private static final String KEY = "layers.1.attention.key";

  @TempDir Path folder;

  private Path fp32;
  private Path int8;

  @BeforeEach
  void name() {
    fp32 = folder.resolve("fp32.safetensors");
    int8 = folder.resolve("int8.safetensors");
  }

  private Path quantize(String fixture) throws IOException {
    Path source = TestModels.resource("fixtures/" + fixture);
    Converter.convert(source, fp32, ConversionOptions.NONE, line -> {});
    Quantizer.quantize(fp32, int8, Optional.of(INT8), fraction -> {});
    return source;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-mean", "bert-sqrtlen-odd", "modernbert"})
  void noGroupExceedsWhatTheActivationsAllow(String fixture) throws IOException {
    quantize(fixture);
    try (ModelFile file = ModelFile.open(int8)) {
      ModelDescription description = ModelDescription.of(file);
      Architecture architecture = description.architecture();
      assertEquals(Optional.of(INT8), architecture.int8Activations());
      int largest = 0;
      for (Map.Entry<String, List<Long>> part : TensorNames.linearMaps(architecture).entrySet()) {
        int columns = Math.toIntExact(part.getValue().get(1));
        byte[] elements = file.tensor(TensorNames.weight(part.getKey())).toBytes();
        for (int row = 0; row < elements.length; row += columns) {
          for (int from = row; from < row + columns; from += INT8.groupSize()) {
            int sum = 0;
            for (int i = from; i < Math.min(row + columns, from + INT8.groupSize()); i++) {
              sum += Math.abs(elements[i]);
            }
            assertTrue(sum <= INT8.largestSum(), part.getKey() + " has a group of " + sum);
            largest = Math.max(largest, sum);
          }
        }
      }
      assertEquals(INT8.largestSum(), largest, "what is allowed is used");
      TensorNames.check(file, description);
    }
  }

  @Test
  void isDeterministic() throws IOException {
    quantize("bert-sqrtlen-odd");
    byte[] first = Files.readAllBytes(int8);
    Quantizer.quantize(fp32, int8, Optional.of(INT8), fraction -> {});
    assertArrayEquals(first, Files.readAllBytes(int8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-mean",
        "bert-cls-gelu-tanh",
        "bert-max-relu-unnormalised",
        "bert-sqrtlen-odd",
        "labse",
        "distilbert",
        "mpnet",
        "roberta",
        "modernbert"
      })
  void vectorsStayClose(String fixture) throws IOException {
    Path source = quantize(fixture);
    List<String> texts = new ArrayList<>();
    Json golden = Json.parse("golden.json", Files.readAllBytes(source.resolve("golden.json")));
    for (Json text : golden.get("texts").items()) {
      texts.add(text.asString());
    }
    double closest = meanCosine(texts, Precision.CLOSEST);
    double fastest = meanCosine(texts, Precision.FASTEST);
    assertTrue(fastest > 0.99, "mean cosine " + fastest);
    assertTrue(closest < 0.999999, "nothing was quantised");
    // The library quantises activations only where that is faster.
    boolean fast = KernelChoice.kernels().quantizesFast();
    assertEquals(fast, closest != fastest, closest + " and " + fastest);
    // Machine code quantises in finer steps, which with random weights may come nearer by chance.
    boolean finer =
        KernelChoice.kernels().quantizedLevel().stream().anyMatch(l -> l.missing().isEmpty());
    if (!finer) {
      assertEquals(fast, closest > fastest, closest + " and " + fastest);
    }
  }

  private double meanCosine(List<String> texts, Precision precision) throws IOException {
    try (Embedder exact = Embedder.load(fp32);
        Embedder close = Embedder.builder().precision(precision).load(int8)) {
      boolean fast = KernelChoice.kernels().quantizesFast();
      assertEquals(
          fast && precision == Precision.FASTEST, close.backend().int8Activations(), "backend()");
      List<Embedding> expected = exact.embedAll(texts);
      List<Embedding> actual = close.embedAll(texts);
      double sum = 0;
      for (int i = 0; i < texts.size(); i++) {
        sum += expected.get(i).cosine(actual.get(i));
      }
      return sum / texts.size();
    }
  }

  @Test
  void aModelWithInt8WeightsOnlyHasNeitherFactorsNorInt8Activations() throws IOException {
    quantize("bert-mean");
    Quantizer.quantize(fp32, int8);
    try (ModelFile file = ModelFile.open(int8)) {
      Architecture architecture = ModelDescription.of(file).architecture();
      assertEquals(Optional.empty(), architecture.int8Activations());
      assertTrue(file.find(TensorNames.inputFactor(KEY)).isEmpty());
    }
  }

  @Test
  void mapsOfOneInputShareTheirFactorsAndOthersHaveOnes() throws IOException {
    quantize("bert-mean");
    try (ModelFile file = ModelFile.open(int8)) {
      float[] key = Int8Activations.factors(file, KEY, 48);
      float[] value = Int8Activations.factors(file, TensorNames.attentionValue(1), 48);
      assertArrayEquals(key, value);
      double logarithms = 0;
      for (float factor : key) {
        logarithms += Math.log(factor);
      }
      assertEquals(0, logarithms, 1e-4, "the geometric mean is one");
      assertTrue(Arrays.stream(toDoubles(key)).distinct().count() > 1);
      float[] ones = new float[80];
      Arrays.fill(ones, 1f);
      String down = TensorNames.feedForwardDown(1);
      assertArrayEquals(ones, Int8Activations.factors(file, down, 80));
    }
  }

  private static double[] toDoubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** A weight times its scale and its input's factor is about what it was. */
  @Test
  void weightsComeBack() throws IOException {
    quantize("bert-mean");
    try (ModelFile before = ModelFile.open(fp32);
        ModelFile after = ModelFile.open(int8)) {
      float[] values = before.tensor(TensorNames.weight(KEY)).toFloats();
      Int8Matrix matrix = Int8Matrix.read(after, KEY, 48, 48);
      float[] factors = Int8Activations.factors(after, KEY, 48);
      byte[] elements = matrix.elements().toBytes();
      double error = 0;
      double magnitude = 0;
      for (int i = 0; i < values.length; i++) {
        double value = (double) elements[i] * matrix.scales()[i / 48] * factors[i % 48];
        error += (value - values[i]) * (value - values[i]);
        magnitude += (double) values[i] * values[i];
      }
      double relative = Math.sqrt(error / magnitude);
      assertTrue(relative < 0.04, "relative error " + relative);
      Json stored = Json.parse("quantization", after.metadata().get(Quantizer.METADATA));
      assertEquals(relative, stored.get("relative_error").get(KEY).asDouble(), 1e-6);
    }
  }

  /** Of all steps within the bound those with the smallest error: tried out for a small group. */
  @Test
  void noOtherRoundingOfAGroupIsBetter() {
    Random random = new Random(1);
    BoundedRow rounding = new BoundedRow(new Int8Activations(3, 127));
    byte[] rounded = new byte[3];
    for (int run = 0; run < 200; run++) {
      float[] row = new float[3];
      for (int i = 0; i < 3; i++) {
        row[i] = (float) (random.nextGaussian() * 110);
      }
      rounding.round(row, 1f, rounded);
      int sum = Math.abs(rounded[0]) + Math.abs(rounded[1]) + Math.abs(rounded[2]);
      assertTrue(sum <= 258);
      double error = error(row, rounded[0], rounded[1], rounded[2]);
      for (int move = 0; move < 5 * 5 * 5; move++) {
        int a = rounded[0] + move % 5 - 2;
        int b = rounded[1] + move / 5 % 5 - 2;
        int c = rounded[2] + move / 25 - 2;
        boolean bytes = Math.max(Math.abs(a), Math.max(Math.abs(b), Math.abs(c))) <= 127;
        if (bytes && Math.abs(a) + Math.abs(b) + Math.abs(c) <= 258) {
          assertTrue(error <= error(row, a, b, c) + 1e-6);
        }
      }
    }
  }

  private static double error(float[] row, int a, int b, int c) {
    return Math.pow(row[0] - a, 2) + Math.pow(row[1] - b, 2) + Math.pow(row[2] - c, 2);
  }

  @Test
  void progressGoesFromNothingTowardsEverything() throws IOException {
    quantize("bert-mean");
    List<Double> fractions = new ArrayList<>();
    Quantizer.quantize(fp32, int8, Optional.of(INT8), fractions::add);
    assertEquals(fractions.stream().sorted().toList(), fractions);
    assertEquals(0, fractions.getFirst());
    assertTrue(fractions.getLast() > 0.9 && fractions.getLast() < 1);
  }

  @Test
  void refusesWeightsThatAreNotFinite() throws IOException {
    quantize("bert-mean");
    String name = TensorNames.weight(KEY);
    Path broken = folder.resolve("broken.safetensors");
    rewrite(fp32, broken, name, w -> w.floats(name, withNaN(48 * 48), 48, 48));
    Path target = folder.resolve("target.safetensors");
    IOException e =
        assertThrows(
            IOException.class,
            () -> Quantizer.quantize(broken, target, Optional.of(INT8), fraction -> {}));
    assertTrue(e.getMessage().contains(name + " has the value NaN in row 0"), e.getMessage());
    assertFalse(Files.exists(target));
  }

  private static float[] withNaN(int size) {
    float[] values = new float[size];
    values[7] = Float.NaN;
    return values;
  }

  @Test
  void aGroupThatIsTooLargeIsRefusedOnLoading() throws IOException {
    quantize("bert-mean");
    String name = TensorNames.weight(KEY);
    byte[] elements = new byte[48 * 48];
    Arrays.fill(elements, 3 * 48 + 32, 3 * 48 + 48, (byte) -26);
    refused(name, w -> w.bytes(name, DType.I8, elements, 48, 48), "row 3, group 1", "416", "409");
  }

  @Test
  void otherFactorsForTheSameInputAreRefusedOnLoading() throws IOException {
    quantize("bert-mean");
    String name = TensorNames.inputFactor(KEY);
    float[] factors;
    try (ModelFile file = ModelFile.open(int8)) {
      factors = Int8Activations.factors(file, KEY, 48);
    }
    factors[20] *= 2;
    refused(name, w -> w.floats(name, factors, 48), "input 20", "attention.query.input_factor");
  }

  private void refused(String tensor, Change change, String... messages) throws IOException {
    Path bad = folder.resolve("bad.safetensors");
    rewrite(int8, bad, tensor, change);
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> Embedder.load(bad).close());
    assertEquals(tensor, e.tensor(), e.getMessage());
    assertSame(ModelFormatException.Reason.VALUE_OUT_OF_RANGE, e.reason());
    for (String message : messages) {
      assertTrue(e.getMessage().contains(message), e.getMessage());
    }
  }

  private interface Change {
    void apply(ModelWriter writer) throws IOException;
  }

  private static void rewrite(Path from, Path to, String name, Change change) throws IOException {
    try (ModelFile file = ModelFile.open(from)) {
      ModelWriter writer = new ModelWriter(to).metadata(file.metadata());
      for (Tensor tensor : file.tensors().values()) {
        if (tensor.name().equals(name)) {
          change.apply(writer);
        } else {
          writer.copy(tensor.name(), tensor);
        }
      }
      writer.write();
    }
  }
}
