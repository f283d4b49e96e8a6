package dev.kumiko.tools.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.DType;
import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizerTest {
  @TempDir Path folder;

  private Path fp32;
  private Path int8;

  @BeforeEach
  void name() {
    fp32 = folder.resolve("fp32.safetensors");
    int8 = folder.resolve("int8.safetensors");
  }

  private Path fixture(String name) throws IOException {
    try {
      Path source = Path.of(QuantizerTest.class.getResource("/fixtures/" + name).toURI());
      Converter.convert(source, fp32, ConversionOptions.NONE, line -> {});
      return source;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  @Test
  void everyValueIsWithinHalfAStepUnlessItIsCutOff() throws IOException {
    fixture("bert-mean");
    Quantizer.quantize(fp32, int8);
    try (ModelFile before = ModelFile.open(fp32);
        ModelFile after = ModelFile.open(int8)) {
      Set<String> parts =
          TensorNames.quantizable(ModelDescription.of(before).architecture()).keySet();
      assertEquals(1 + 3 * 6, parts.size());
      for (String part : parts) {
        Tensor weight = before.tensor(TensorNames.weight(part));
        long rows = weight.shape().get(0);
        int columns = Math.toIntExact(weight.shape().get(1));
        Int8Matrix matrix = Int8Matrix.read(after, part, rows, columns);
        byte[] quantized = matrix.elements().toBytes();
        float[] values = weight.toFloats();
        for (int i = 0; i < values.length; i++) {
          float scale = matrix.scales()[i / columns];
          double bound = Math.abs(quantized[i]) == 127 ? Math.abs(values[i]) : 0.5001 * scale;
          assertEquals(values[i], quantized[i] * scale, bound, part + " element " + i);
        }
      }
      for (Tensor tensor : before.tensors().values()) {
        if (!parts.contains(tensor.name().replace(".weight", ""))) {
          assertEquals(-1, tensor.data().mismatch(after.tensor(tensor.name()).data()));
        }
      }
      assertEquals(before.tensors().size() + parts.size(), after.tensors().size());
    }
  }

  @Test
  void isDeterministic() throws IOException {
    fixture("bert-sqrtlen-odd");
    Quantizer.quantize(fp32, int8);
    Path again = folder.resolve("again.safetensors");
    Quantizer.quantize(fp32, again);
    assertArrayEquals(Files.readAllBytes(int8), Files.readAllBytes(again));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-mean",
        "bert-cls-gelu-tanh",
        "bert-max-relu-unnormalised",
        "bert-sqrtlen-odd"
      })
  void vectorsStayClose(String name) throws IOException {
    Path source = fixture(name);
    Quantizer.quantize(fp32, int8);
    List<String> texts = new ArrayList<>();
    Json golden = Json.parse("golden.json", Files.readAllBytes(source.resolve("golden.json")));
    for (Json text : golden.get("texts").items()) {
      texts.add(text.asString());
    }
    try (Embedder exact = Embedder.load(fp32);
        Embedder close = Embedder.load(int8)) {
      List<Embedding> expected = exact.embedAll(texts);
      List<Embedding> actual = close.embedAll(texts);
      double sum = 0;
      for (int i = 0; i < texts.size(); i++) {
        sum += expected.get(i).cosine(actual.get(i));
      }
      assertTrue(sum / texts.size() > 0.99, "mean cosine " + sum / texts.size());
    }
  }

  @Test
  void refusesWhatIsQuantisedAlready() throws IOException {
    fixture("bert-mean");
    Quantizer.quantize(fp32, int8);
    Path target = folder.resolve("twice.safetensors");
    IOException e = assertThrows(IOException.class, () -> Quantizer.quantize(int8, target));
    assertTrue(e.getMessage().contains("is quantised already"), e.getMessage());
    assertTrue(e.getMessage().contains("embeddings.token.weight"), e.getMessage());
    assertFalse(Files.exists(target));
  }

  @Test
  void refusesWeightsThatAreNotFinite() throws IOException {
    fixture("bert-mean");
    String name = "layers.0.attention.key.weight";
    rewrite(
        fp32,
        int8,
        name,
        (writer, tensor) -> {
          float[] values = tensor.toFloats();
          values[50] = Float.POSITIVE_INFINITY;
          writer.floats(name, values, 48, 48);
        });
    Path target = folder.resolve("target.safetensors");
    IOException e = assertThrows(IOException.class, () -> Quantizer.quantize(int8, target));
    assertTrue(e.getMessage().contains(name + " has the value Infinity in row 1"), e.getMessage());
    assertFalse(Files.exists(target));
  }

  @Test
  void aTensorThatMustBeFloatIsRefusedAsInt8OnLoading() throws IOException {
    fixture("bert-mean");
    String name = "embeddings.token_type.weight";
    rewrite(
        fp32,
        int8,
        name,
        (writer, tensor) -> writer.bytes(name, DType.I8, new byte[2 * 48], 2, 48));
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> Embedder.load(int8).close());
    assertTrue(e.getMessage().contains(name + " is I8 [2, 48]"), e.getMessage());
    assertTrue(e.getMessage().contains("floating-point numbers"), e.getMessage());
  }

  private interface Change {
    void apply(ModelWriter writer, Tensor tensor) throws IOException;
  }

  private static void rewrite(Path from, Path to, String name, Change change) throws IOException {
    try (ModelFile file = ModelFile.open(from)) {
      ModelWriter writer = new ModelWriter(to).metadata(file.metadata());
      for (Tensor tensor : file.tensors().values()) {
        if (tensor.name().equals(name)) {
          change.apply(writer, tensor);
        } else {
          writer.copy(tensor.name(), tensor);
        }
      }
      writer.write();
    }
  }
}
