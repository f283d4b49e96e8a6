package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.convert.TestModels;
import dev.kumiko.train.data.BatchOptions;
import dev.kumiko.train.data.Batches;
import dev.kumiko.train.data.Column;
import dev.kumiko.train.data.Columns;
import dev.kumiko.train.data.DataFile;
import dev.kumiko.train.data.FileFormat;
import dev.kumiko.train.model.Memory;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.prune.Cuts;
import dev.kumiko.train.prune.InitialLosses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where to cut, by every layer's loss on the untrained model. */
class PruneLossesTest {
  @TempDir private Path folder;
  private Path pairs;

  @BeforeEach
  void writePairs() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append("a roof of %d rafters,%d rafters make a roof\n".formatted(i, i));
    }
    pairs = Files.writeString(folder.resolve("pairs.csv"), lines.toString());
  }

  private static void assertRefused(int code, String message, String... arguments) {
    Outcome outcome = Outcome.of(arguments);
    assertEquals(code, outcome.code, outcome.err);
    assertTrue(outcome.err.contains(message), outcome.err);
  }

  @Test
  void lossesAreMeasuredAlikeEachTimeAndNothingIsWritten() throws IOException {
    String[] command = {
      "prune",
      SmallModel.path(),
      "--losses",
      pairs.toString(),
      "--batch-size",
      "8",
      "--threads",
      "2"
    };
    Outcome first = Outcome.of(command);
    assertEquals(0, first.code, first.err);
    assertTrue(first.out.startsWith("layers    loss\n     0"), first.out);
    assertTrue(first.out.contains("the embeddings, never a cut"), first.out);
    assertTrue(first.out.contains("small"), first.out);
    assertTrue(first.out.contains("large"), first.out);
    assertEquals(first.out, Outcome.of(command).out);
    try (var files = Files.list(folder)) {
      assertEquals(List.of(pairs), files.toList());
    }
  }

  @Test
  void aChosenCutIsTheCutByItsNumber() throws IOException {
    Path chosen = folder.resolve("chosen");
    Path numbered = folder.resolve("numbered");
    Outcome outcome =
        Outcome.of(
            "prune",
            SmallModel.path(),
            chosen.toString(),
            "--cut",
            "small",
            "--losses",
            pairs.toString(),
            "--batch-size",
            "8");
    assertEquals(0, outcome.code, outcome.err);
    // Half of three layers.
    Outcome.of("prune", SmallModel.path(), numbered.toString(), "--layers", "1");
    assertArrayEquals(Files.readAllBytes(numbered), Files.readAllBytes(chosen));
  }

  @Test
  void theReportDrawsEveryLayerAndSaysWhereThereIsNoMinimum() {
    double[] falling = {0.5, 1.0, 0.75, 0.25};
    assertEquals(
        """
        layers    loss
             0   0.500  ####################                      the embeddings, never a cut
             1   1.000  ########################################  small
             2   0.750  ##############################
             3   0.250  ##########                                large: nothing to cut
        No layer before the last is a minimum: every cut loses something that training has to bring back.
        """,
        LayerLosses.report(falling, Cuts.of(falling)));
    double[] rising = {4, 2, 1, 2, 1.5, 3};
    assertFalse(LayerLosses.report(rising, Cuts.of(rising)).contains("No layer"));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    String model = SmallModel.path();
    String target = folder.resolve("cut").toString();
    String data = pairs.toString();
    assertRefused(2, "say where to cut with --layers N", "prune", model);
    assertRefused(2, "name a TARGET", "prune", model, "--layers", "1");
    assertRefused(2, "--cut needs --losses FILE", "prune", model, target, "--cut", "small");
    assertRefused(2, "one of --layers and --cut", "prune", model, target, "--losses", data);
    assertRefused(1, "has 40 examples, but a batch takes 64", "prune", model, "--losses", data);
    assertFalse(Files.exists(Path.of(target)));
  }

  /** A model that pools its prompts pools an instruction too, which changes its losses. */
  @Test
  void anInstructionIsTakenFromTheCommandLine() {
    String[] command = {"prune", SmallModel.path(), "--losses", "" + pairs, "--batch-size", "8"};
    List<String> instructed = new ArrayList<>(List.of(command));
    instructed.addAll(List.of("--instruction", "which roof is it? "));
    Outcome with = Outcome.of(instructed.toArray(String[]::new));
    assertEquals(0, with.code, with.err);
    assertTrue(with.out.startsWith("layers    loss"), with.out);
    assertNotEquals(Outcome.of(command).out, with.out);
  }

  @Test
  void aModelThatComputesNoNumbersHasNoCut() throws IOException {
    Path broken = folder.resolve("broken.safetensors");
    String name = TensorNames.weight(TensorNames.feedForwardDown(1));
    try (ModelFile file = ModelFile.open(Path.of(SmallModel.path()))) {
      ModelWriter writer = new ModelWriter(broken).metadata(file.metadata());
      for (Tensor tensor : file.tensors().values()) {
        if (tensor.name().equals(name)) {
          float[] values = tensor.toFloats();
          values[7] = Float.NaN;
          writer.floats(name, values, tensor.shape().get(0), tensor.shape().get(1));
        } else {
          writer.copy(tensor.name(), tensor);
        }
      }
      writer.write();
    }
    Path target = folder.resolve("cut.safetensors");
    for (List<String> writing :
        List.of(List.<String>of(), List.of("" + target, "--cut", "small"))) {
      List<String> command = new ArrayList<>(List.of("prune", "" + broken, "--losses", "" + pairs));
      command.addAll(List.of("--batch-size", "8"));
      command.addAll(writing);
      Outcome outcome = Outcome.of(command.toArray(String[]::new));
      assertEquals(1, outcome.code, outcome.err);
      assertEquals(
          "kumiko: %s: The loss after layer 2 is NaN; no cut can be chosen%n".formatted(broken),
          outcome.err);
      assertEquals("", outcome.out);
      assertFalse(Files.exists(target));
    }
  }

  /** The reference's losses of a Llama cut anywhere, with in-batch and with hard negatives. */
  @ParameterizedTest
  @CsvSource({
    "all_scale20, 2, 20, weighted-mean",
    "all_hard_scale20, 3, 20, weighted-mean",
    "all_hard_scale50, 3, 50, weighted-mean",
    "text_instructed_hard_scale50, 3, 50, weighted-mean-from-text",
  })
  void theLossesOfADecoderAreThoseOfTheReference(
      String name, int columns, double scale, String pooling) throws IOException {
    Path source = TestModels.resource("fixtures/llama-layers");
    Path model = folder.resolve("llama.safetensors");
    String[] convert = {"convert", "" + source, "" + model, "--pooling", pooling};
    assertEquals(0, Outcome.of(convert).code);
    Json reference =
        Json.parse("golden.json", Files.readAllBytes(source.resolve("golden.json")))
            .get("initial_loss");
    String instruction = name.contains("instructed") ? reference.get("instruction").asString() : "";
    StringBuilder lines = new StringBuilder();
    List<Json> triples = reference.get("triples").items();
    for (Json triple : triples) {
      List<String> texts = new ArrayList<>();
      for (String part : List.of("query", "positive", "negative").subList(0, columns)) {
        texts.add("\"%s\"".formatted(triple.get(part).asString()));
      }
      lines.append(String.join(",", texts)).append('\n');
    }
    Path data = Files.writeString(folder.resolve("triples.csv"), lines.toString());
    List<Column> places = IntStream.rangeClosed(1, columns).mapToObj(Column::at).toList();
    try (TrainableModel llama = TrainableModel.open(model, 2, Memory.KEEP);
        DataFile file = DataFile.open(data, FileFormat.CSV, Columns.texts(places), false)) {
      Batches batches = new Batches(List.of(file), BatchOptions.of(triples.size(), 1));
      double[] found =
          new InitialLosses(
                  llama, llama.tokenizer(), llama.description().maxTokens(), scale, instruction)
              .measure(batches, 1, done -> {});
      List<Json> expected = reference.get(name).items();
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i).asDouble(), found[i + 1], 1e-5 * expected.get(i).asDouble());
      }
      Json chosen = reference.get("chosen").get(name);
      Cuts cuts = new Cuts(chosen.get("small").asInt(), chosen.get("large").asInt());
      assertEquals(cuts, Cuts.of(found));
    }
  }
}
