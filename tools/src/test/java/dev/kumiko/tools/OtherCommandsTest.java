package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code similar}, {@code tokenize}, {@code inspect}, {@code convert}. */
class OtherCommandsTest {
  @TempDir private Path folder;

  @Test
  void similarPrintsCosines() throws IOException {
    List<String> texts = SmallModel.texts();
    Outcome outcome =
        Outcome.of(
            "similar", "-m", SmallModel.path(), "--json", texts.get(0), texts.get(1), texts.get(0));
    List<Json> lines = outcome.silent().json();
    assertEquals(texts.get(1), lines.get(0).get("text").asString());
    assertEquals(SmallModel.cosine(0, 1), lines.get(0).get("cosine").asDouble(), 1e-5);
    assertEquals(1, lines.get(1).get("cosine").asDouble(), 1e-6);
  }

  @Test
  void similarReadsTheOthersFromStandardInput() {
    byte[] input = "roof\na fruit salad\n".getBytes(StandardCharsets.UTF_8);
    Outcome outcome = Outcome.of(input, "similar", "-m", SmallModel.path(), "roof").silent();
    assertTrue(
        outcome.out.matches(" 1\\.0000  roof\n[ -]0\\.\\d{4}  a fruit salad\n"), outcome.out);
  }

  @Test
  void tokenizeGivesTheReferencesIdsAndTokens() throws IOException {
    Path golden = TestModels.resource(SmallModel.FIXTURE + "/golden.json");
    try (InputStream in = Files.newInputStream(golden)) {
      Json reference = Json.parse("golden.json", in);
      String text = reference.get("texts").items().get(0).asString();
      Json line = Outcome.of("tokenize", "-m", SmallModel.path(), text).silent().json().get(0);
      assertEquals(ints(reference.get("ids").items().get(0)), ints(line.get("ids")));
      assertEquals(strings(reference.get("tokens").items().get(0)), strings(line.get("tokens")));
      assertEquals(false, line.get("truncated").asBoolean());
    }
  }

  @Test
  void tokenizeSaysWhereTheTokensLie() throws IOException {
    Json line = Outcome.of("tokenize", "-m", SmallModel.path(), " (a)").silent().json().get(0);
    List<List<Integer>> spans = new ArrayList<>();
    for (Json span : line.get("offsets").items()) {
      spans.add(ints(span));
    }
    assertEquals(
        List.of(List.of(0, 0), List.of(1, 2), List.of(2, 3), List.of(3, 4), List.of(0, 0)), spans);
  }

  private static List<Integer> ints(Json array) throws IOException {
    List<Integer> values = new ArrayList<>();
    for (Json item : array.items()) {
      values.add(item.asInt());
    }
    return values;
  }

  private static List<String> strings(Json array) throws IOException {
    List<String> values = new ArrayList<>();
    for (Json item : array.items()) {
      values.add(item.asString());
    }
    return values;
  }

  @Test
  void inspectDescribesTheModel() throws IOException {
    Json facts =
        Outcome.of("inspect", SmallModel.path(), "--json", "--tensors").silent().json().get(0);
    assertEquals("bert-mean", facts.get("name").asString());
    assertEquals(3, facts.get("architecture").get("layers").asInt());
    assertEquals(48, facts.get("architecture").get("hidden_size").asInt());
    assertEquals("mean", facts.get("pooling").asString());
    assertEquals("query: ", facts.get("prompts").get("query").asString());
    assertEquals("none", facts.get("quantisation").asString());
    assertEquals(Files.size(Path.of(SmallModel.path())), facts.get("bytes").asLong());
    // Embeddings (3640 + 128 + 2 + 2 norms), and in each layer attention, feed-forward, two norms.
    long embeddings = (3640 + 128 + 2 + 2) * 48L;
    long layer = 4 * (48 * 48 + 48) + 2 * 48 * 80 + 80 + 48 + 4 * 48;
    assertEquals(embeddings + 3 * layer, facts.get("parameters").asLong());
    Json first = facts.get("all_tensors").items().get(0);
    assertEquals("embeddings.token.weight", first.get("name").asString());
    assertEquals(List.of(3640, 48), ints(first.get("shape")));
  }

  @Test
  void inspectCountsNoScalesAsParameters() throws IOException {
    String quantised = folder.resolve("int8.safetensors").toString();
    assertEquals(0, Outcome.of("quantize", SmallModel.path(), quantised).code);
    Json whole = Outcome.of("inspect", SmallModel.path(), "--json").silent().json().get(0);
    Json small = Outcome.of("inspect", quantised, "--json").silent().json().get(0);
    assertEquals(whole.get("parameters").asLong(), small.get("parameters").asLong());
    assertTrue(small.get("quantisation").isObject(), small.get("quantisation").toString());
    assertTrue(small.get("bytes").asLong() < whole.get("bytes").asLong() / 2);
  }

  @Test
  void int8ActivationsAreAskedForAndSeen() throws IOException {
    String target = folder.resolve("fast.safetensors").toString();
    Outcome quantize = Outcome.of("quantize", SmallModel.path(), target, "--activations", "int8");
    assertEquals(0, quantize.code, quantize.err);
    assertActivations(target);
    String source = TestModels.resource(SmallModel.FIXTURE).toString();
    Outcome convert =
        Outcome.of("convert", source, target, "--quantize", "int8", "--activations", "int8");
    assertEquals(0, convert.code, convert.err);
    assertActivations(target);
    Json whole = Outcome.of("inspect", SmallModel.path(), "--json").silent().json().get(0);
    assertEquals("fp32", whole.get("architecture").get("activations").asString());
  }

  private static void assertActivations(String model) throws IOException {
    Json whole = Outcome.of("inspect", SmallModel.path(), "--json").silent().json().get(0);
    Json fast = Outcome.of("inspect", model, "--json").silent().json().get(0);
    Json activations = fast.get("architecture").get("activations");
    assertEquals("int8", activations.get("type").asString());
    assertEquals(32, activations.get("group_size").asInt());
    assertEquals(80, activations.get("limit").asInt());
    assertEquals(whole.get("parameters").asLong(), fast.get("parameters").asLong());
  }

  @Test
  void int8ActivationsNeedInt8Weights() {
    String source = TestModels.resource(SmallModel.FIXTURE).toString();
    String target = folder.resolve("t.safetensors").toString();
    Outcome.of("convert", source, target, "--activations", "int8")
        .failed(2, "--activations is about int8 models; it needs --quantize int8");
  }

  @Test
  void inspectIsReadable() {
    String out = Outcome.of("inspect", SmallModel.path(), "--tensors").silent().out;
    assertTrue(out.startsWith("name                    bert-mean\n"), out);
    assertTrue(out.contains("\n  query                 \"query: \"\n"), out);
    assertTrue(out.contains("\n  embeddings.token.weight  F32  [3640, 48]  698,880\n"), out);
  }

  @Test
  void convertThenEmbed() {
    Path source = TestModels.resource("fixtures/bert-cls-gelu-tanh");
    Path target = folder.resolve("cls.safetensors");
    Outcome outcome = Outcome.of("convert", source.toString(), target.toString());
    assertEquals(0, outcome.code);
    assertTrue(outcome.err.contains("kumiko: wrote " + target + ": "), outcome.err);
    Outcome.of("embed", "-m", target.toString(), "roof").silent();
  }

  @Test
  void convertTakesWhatIsStated() throws IOException {
    String source = TestModels.resource(SmallModel.FIXTURE).toString();
    String target = folder.resolve("stated.safetensors").toString();
    Outcome convert =
        Outcome.of(
            "convert",
            source,
            target,
            "--pooling",
            "mean-sqrt-len",
            "--no-normalize",
            "--max-tokens",
            "32",
            "--name",
            "stated");
    assertEquals(0, convert.code, convert.err);
    Json facts = Outcome.of("inspect", target, "--json").silent().json().get(0);
    assertEquals("stated", facts.get("name").asString());
    assertEquals("mean-sqrt-len", facts.get("pooling").asString());
    assertEquals(false, facts.get("normalize").asBoolean());
    assertEquals(32, facts.get("max_tokens").asInt());
  }

  @Test
  void convertReplacesNothingButKumikoModels() throws IOException {
    Path source = TestModels.copy(SmallModel.FIXTURE, folder.resolve("model"));
    Path weights = source.resolve("model.safetensors");
    byte[] before = Files.readAllBytes(weights);
    Outcome.of("convert", source.toString(), weights.toString())
        .failed(1, weights + ": not written: it exists and is no Kumiko model; name another file");
    assertArrayEquals(before, Files.readAllBytes(weights));
    String target = Files.copy(Path.of(SmallModel.path()), folder.resolve("old")).toString();
    assertEquals(0, Outcome.of("convert", source.toString(), target).code);
  }

  @Test
  void convertSaysWhatIsMissing() {
    Path source = folder.resolve("none.onnx");
    Outcome.of("convert", source.toString(), folder.resolve("t").toString())
        .failed(1, source + " does not exist.");
  }
}
