package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.kumiko.Embedder;
import dev.kumiko.format.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A graph whose meaning was changed (another operator, other inputs) is refused, or its vectors are
 * those of ONNX Runtime. More changes by {@code -Dkumiko.changes=3000}.
 */
class OnnxMeaningTest {
  private static final int CHANGES = Integer.getInteger("kumiko.changes", 150);
  private static final double TOLERANCE = 1e-5;

  /** What could stand in a node's place and takes the same inputs. */
  private static final Map<String, List<String>> OTHERS =
      Map.ofEntries(
          Map.entry("Add", List.of("Sub", "Mul")),
          Map.entry("Sub", List.of("Add", "Mul")),
          Map.entry("Mul", List.of("Div", "Add")),
          Map.entry("Div", List.of("Mul")),
          Map.entry("Erf", List.of("Tanh", "Sigmoid")),
          Map.entry("Tanh", List.of("Erf")),
          Map.entry("Relu", List.of("Abs", "Identity")),
          Map.entry("Sqrt", List.of("Identity", "Exp")),
          Map.entry("Equal", List.of("Less", "Greater")),
          Map.entry("IsNaN", List.of("Not")),
          Map.entry("And", List.of("Or")),
          Map.entry("Softmax", List.of("Sigmoid", "Identity")));

  private static final Map<String, int[]> TEXTS =
      Map.of(
          "the roof", new int[] {2, 20, 18, 3},
          "a", new int[] {2, 5, 3},
          "the roof of a b c d e f g h .",
              new int[] {2, 20, 18, 21, 5, 6, 7, 8, 9, 10, 11, 12, 22, 3});

  @TempDir private Path folder;
  private int compared;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny-bert.onnx",
        "gelu-tanh-opset14.onnx",
        "relu-opset20.onnx",
        "causal.onnx",
        "roberta.onnx"
      })
  void aChangedGraphIsRefusedOrReadAsItIs(String name) throws IOException {
    Path copy = TestModels.copy("tiny-bert", folder.resolve("model"));
    byte[] whole = Files.readAllBytes(copy.resolve(name));
    for (int seed = 0; seed < CHANGES; seed++) {
      Path model = copy.resolve("changed.onnx");
      Files.write(model, changed(whole, new Random(seed)));
      check(model, name + ", change " + seed);
    }
    // Changes of the pooler, or of a node that does nothing; a causal mask stays one.
    assertTrue(compared > 0 || name.equals("causal.onnx"), "nothing was compared");
  }

  private void check(Path model, String what) throws IOException {
    Path target = folder.resolve("changed.safetensors");
    ConversionOptions options =
        new ConversionOptions(
            Optional.empty(),
            Optional.of(Pooling.MEAN),
            Optional.of(false),
            Optional.of(14),
            Optional.empty());
    try {
      Converter.convert(model, target, options, line -> {});
    } catch (IOException refusal) {
      return;
    }
    try (OnnxReference reference = new OnnxReference(model);
        Embedder embedder = Embedder.load(target)) {
      for (Map.Entry<String, int[]> text : TEXTS.entrySet()) {
        double[] expected = reference.embed(text.getValue());
        float[] actual = embedder.embed(text.getKey()).vector();
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < actual.length; i++) {
          assertEquals(expected[i], actual[i], TOLERANCE, what);
        }
        compared++;
      }
    } catch (OrtException e) {
      // Types that do not agree: ONNX Runtime has no vectors of such a graph.
    }
  }

  private static byte[] changed(byte[] model, Random random) {
    return OnnxEdits.graph(
        model,
        graph -> {
          List<ByteString> nodes =
              new ArrayList<>(graph.getField(OnnxEdits.NODE).getLengthDelimitedList());
          int chosen = random.nextInt(nodes.size());
          UnknownFieldSet node = OnnxEdits.parse(nodes.get(chosen).toByteArray());
          List<ByteString> earlier =
              nodes.subList(0, chosen).stream()
                  .flatMap(before -> names(OnnxEdits.parse(before.toByteArray()), 2))
                  .toList();
          nodes.set(chosen, changedNode(node, earlier, random).toByteString());
          Field.Builder all = Field.newBuilder();
          nodes.forEach(all::addLengthDelimited);
          return OnnxEdits.with(graph, OnnxEdits.NODE, all.build());
        });
  }

  private static Stream<ByteString> names(UnknownFieldSet node, int field) {
    return node.getField(field).getLengthDelimitedList().stream();
  }

  /** Puts another operator, exchanges the inputs, or reads an earlier value instead of one. */
  private static UnknownFieldSet changedNode(
      UnknownFieldSet node, List<ByteString> earlier, Random random) {
    List<String> others =
        OTHERS.getOrDefault(OnnxEdits.text(node, OnnxEdits.NODE_OPERATOR), List.of());
    List<ByteString> inputs = new ArrayList<>(names(node, OnnxEdits.NODE_INPUT).toList());
    int kind = random.nextInt(3);
    if (kind == 0 && !others.isEmpty()) {
      String other = others.get(random.nextInt(others.size()));
      return OnnxEdits.with(node, OnnxEdits.NODE_OPERATOR, OnnxEdits.text(other));
    }
    if (kind == 1 && inputs.size() > 1) {
      inputs.add(inputs.size() - 1, inputs.removeFirst());
    } else if (!inputs.isEmpty() && !earlier.isEmpty()) {
      inputs.set(random.nextInt(inputs.size()), earlier.get(random.nextInt(earlier.size())));
    }
    Field.Builder changed = Field.newBuilder();
    inputs.forEach(changed::addLengthDelimited);
    return OnnxEdits.with(node, OnnxEdits.NODE_INPUT, changed.build());
  }
}
