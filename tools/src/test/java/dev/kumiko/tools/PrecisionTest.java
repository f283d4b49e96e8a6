package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Precision;
import dev.kumiko.Reranker;
import dev.kumiko.format.Json;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code --precision}, on every backend: integers are chosen with 512-bit vectors or machine code
 * only.
 */
class PrecisionTest {
  private static final String TEXT = "A purlin carries the rafters of a roof.";
  private static final boolean WIDE = KernelChoice.kernels().quantizesFast();

  @TempDir private Path folder;
  private String int8;

  @BeforeEach
  void quantize() {
    int8 = quantized(SmallModel.path());
  }

  private String quantized(String model) {
    String target = folder.resolve("int8.safetensors").toString();
    Outcome outcome = Outcome.of("quantize", model, target, "--activations", "int8");
    assertEquals(0, outcome.code, outcome.err);
    return target;
  }

  private static String[] with(Precision precision, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--precision", Choice.name(precision)));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @EnumSource
  void vectorsAreTheLibrarys(Precision precision) throws IOException {
    float[] expected;
    try (Embedder embedder = Embedder.builder().precision(precision).load(Path.of(int8))) {
      assertEquals(WIDE && precision == Precision.FASTEST, embedder.backend().int8Activations());
      expected = embedder.embed(TEXT).vector();
    }
    Outcome outcome = Outcome.of(with(precision, "embed", "-m", int8, "--format", "csv", TEXT));
    String[] components = outcome.silent().out.strip().split(",", -1);
    assertEquals(expected.length, components.length);
    for (int i = 0; i < components.length; i++) {
      assertEquals(expected[i], Float.parseFloat(components[i]));
    }
  }

  @Test
  void theDefaultIsTheClosestAndAnotherIsSeenWhereItDiffers() throws IOException {
    Path pairs = Files.writeString(folder.resolve("pairs.csv"), "a,b,1\na roof,c,2\nd,a wall,3\n");
    for (String[] command :
        new String[][] {
          {"embed", "-m", int8, TEXT},
          {"similar", "--json", "-m", int8, TEXT, "rafters"},
          {"eval", "sts", "-m", int8, pairs.toString()},
        }) {
      String usual = Outcome.of(command).out;
      assertEquals(usual, Outcome.of(with(Precision.CLOSEST, command)).out);
      String fastest = Outcome.of(with(Precision.FASTEST, command)).out;
      assertTrue(command[0].equals("eval") || WIDE == !usual.equals(fastest), fastest);
    }
    Outcome.of(with(Precision.FASTEST, "eval", "frontier", "--pairs", pairs.toString(), int8))
        .silent();
  }

  @Test
  void crossEncodersHaveIt() throws IOException {
    Path source = TestModels.resource("cross-encoders/roberta-reranker");
    Path target = folder.resolve("reranker.safetensors");
    Converter.convert(source, target, ConversionOptions.NONE, line -> {});
    String model = quantized(target.toString());
    for (Precision precision : Precision.values()) {
      float expected;
      try (Reranker reranker = Reranker.builder().precision(precision).load(Path.of(model))) {
        expected = reranker.score("the roof", List.of(TEXT))[0];
      }
      Outcome outcome =
          Outcome.of(with(precision, "rerank", "-m", model, "--json", "the roof", TEXT));
      Json line = outcome.silent().json().get(0);
      assertEquals(expected, (float) line.get("score").asDouble());
    }
  }

  @Test
  void inspectSaysWhatTheModelAllowsAndWhatThisMachineChooses() throws IOException {
    Json precision = Outcome.of("inspect", int8, "--json").silent().json().get(0).get("precision");
    assertEquals("fp32 activations", precision.get("closest").asString());
    assertEquals(
        WIDE
            ? "int8 activations"
            : "fp32 activations; the model allows int8 ones, which are faster with machine code or"
                + " vectors of 512 bits only",
        precision.get("fastest").asString());
    Json others =
        Outcome.of("inspect", SmallModel.path(), "--json").silent().json().get(0).get("precision");
    assertEquals(
        "fp32 activations, the only ones that the model allows", others.get("fastest").asString());
  }

  @Test
  void anUnknownOneIsRefused() {
    Outcome.of("embed", "-m", int8, "--precision", "int4", TEXT)
        .failed(
            2,
            "Invalid value for option '--precision' (WHICH): 'int4' is none of closest, fastest,"
                + " float32, int8, binary (see kumiko embed --help)");
    Outcome.of("similar", "-m", int8, "--precision", "int8", TEXT, TEXT)
        .failed(2, "--precision int8 is for embed alone");
  }
}
