package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.DType;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands do with a model whose weights have 16 bits. */
class HalfModelCommandsTest {
  private static final String UP = "layers.0.feed_forward.up.weight";

  @TempDir private Path folder;

  private static Outcome done(String... command) {
    Outcome outcome = Outcome.of(command);
    assertEquals(0, outcome.code, outcome.err);
    return outcome;
  }

  private Path source(String name, DType type) throws IOException {
    Path source = TestModels.copy("fixtures/" + name, folder.resolve("source/" + name));
    TestModels.retype(source, type);
    return source;
  }

  private Path convert(Path source, String name, String... options) {
    Path target = folder.resolve(name + ".safetensors");
    List<String> command = new ArrayList<>(List.of("convert", source.toString()));
    command.add(target.toString());
    command.addAll(List.of(options));
    done(command.toArray(String[]::new));
    return target;
  }

  private static DType type(Path model, String tensor) throws IOException {
    try (ModelFile file = ModelFile.open(model)) {
      return file.tensor(tensor).type();
    }
  }

  @ParameterizedTest
  @CsvSource({"bert-mean,BF16,bfloat16", "distilbert,F16,float16", "roberta,BF16,bfloat16"})
  void whatIsExportedAndConvertedAgainHasTheSameBytes(String name, DType type, String torch)
      throws IOException {
    Path first = convert(source(name, type), "first");
    Path exported = folder.resolve(name);
    done("export", first.toString(), exported.toString());
    assertEquals(-1, Files.mismatch(first, convert(exported, "second")));
    try (ModelFile weights = ModelFile.open(exported.resolve("model.safetensors"))) {
      for (Tensor tensor : weights.tensors().values()) {
        assertEquals(type, tensor.type(), tensor.name());
      }
    }
    byte[] config = Files.readAllBytes(exported.resolve("config.json"));
    assertEquals(torch, Json.parse("config.json", config).get("dtype").asString());
  }

  /** A reader that holds all as the config says must not round norms. */
  @Test
  void aFolderOfTwoTypesIsOneOfFloats() throws IOException {
    Path first = convert(TestModels.resource("fixtures/bert-mean"), "first", "--weights", "bf16");
    Path exported = folder.resolve("bert-mean");
    done("export", first.toString(), exported.toString());
    assertEquals(-1, Files.mismatch(first, convert(exported, "second")));
    byte[] config = Files.readAllBytes(exported.resolve("config.json"));
    assertEquals("float32", Json.parse("config.json", config).get("dtype").asString());
  }

  @Test
  void inspectSaysTheType() throws IOException {
    Path model = convert(source("bert-mean", DType.F16), "model");
    Json facts = done("inspect", model.toString(), "--json").json().get(0);
    assertEquals("F16", facts.get("weights").asString());
  }

  @ParameterizedTest
  @CsvSource({"fp32", "int8"})
  void int8IsThatOfTheSameWeightsInF32(String activations) throws IOException {
    Path source = source("bert-mean", DType.BF16);
    Path half = convert(source, "half", "--quantize", "int8", "--activations", activations);
    Path wide = folder.resolve("wide8.safetensors");
    Path f32 = convert(source, "wide", "--weights", "f32");
    done("quantize", f32.toString(), wide.toString(), "--activations", activations);
    try (ModelFile expected = ModelFile.open(wide);
        ModelFile actual = ModelFile.open(half)) {
      assertEquals(expected.metadata(), actual.metadata());
      assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
      int same = 0;
      for (Tensor tensor : expected.tensors().values()) {
        if (tensor.type() == DType.I8) {
          same++;
          assertEquals(-1, tensor.data().mismatch(actual.tensor(tensor.name()).data()));
        }
      }
      assertTrue(same > 3, same + " int8 tensors");
    }
  }

  @Test
  void aTypeBesideInt8IsRefused() throws IOException {
    Outcome outcome =
        Outcome.of(
            "convert",
            TestModels.resource("fixtures/bert-mean").toString(),
            folder.resolve("model.safetensors").toString(),
            "--weights",
            "bf16",
            "--quantize",
            "int8");
    assertEquals(2, outcome.code);
    assertTrue(outcome.err.contains("leave it or --quantize out"), outcome.err);
  }

  @Test
  void aCutKeepsTheTypeAndACompressedTableIsOfFloats() throws IOException {
    Path model = convert(source("bert-mean", DType.BF16), "model");
    Path cut = folder.resolve("cut.safetensors");
    done("prune", model.toString(), cut.toString(), "--layers", "1");
    assertEquals(DType.BF16, type(cut, UP));
    Path composed = folder.resolve("composed.safetensors");
    done(
        "compress",
        model.toString(),
        composed.toString(),
        "--assignment",
        "cartesian",
        "--parts",
        "2",
        "--codes",
        "64");
    assertEquals(DType.BF16, type(composed, UP));
    assertEquals(DType.F32, type(composed, "embeddings.token.parts.0.weight"));
    done("embed", "-m", composed.toString(), "a roof");
  }

  @Test
  void whatLearnsIsF32AndSaidToBe() throws IOException {
    Path model = convert(source("bert-mean", DType.BF16), "model");
    Path target = folder.resolve("trained.safetensors");
    Path data = folder.resolve("pairs.csv");
    Files.writeString(data, "a roof,a house\na dog,a cat\nthe sea,a ship\nrain,snow\n");
    Outcome outcome =
        done(
            "train",
            model.toString(),
            target.toString(),
            "--data",
            data.toString(),
            "--loss",
            "mnr",
            "--batch-size",
            "2",
            "--epochs",
            "1");
    assertTrue(
        outcome.err.contains(
            model + " has weights of 16 bits; they learn as F32, and are written so"),
        outcome.err);
    assertEquals(DType.F32, type(target, UP));
    assertEquals(DType.BF16, type(model, UP));
  }
}
