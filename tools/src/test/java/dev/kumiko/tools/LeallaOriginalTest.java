package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenModel.LengthUnit;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --variant lealla-original}: a tokenizer of its own, from conversion to its ids. */
class LeallaOriginalTest {
  @TempDir private Path folder;

  private Path model(String variant) {
    Path target = folder.resolve(variant + ".safetensors");
    Outcome.of(
        "convert",
        TestModels.resource("fixtures/lealla-original").toString(),
        target.toString(),
        "--variant",
        variant);
    return target;
  }

  private static TokenizerDescription tokenizer(Path model) throws IOException {
    try (ModelFile file = ModelFile.open(model)) {
      return ModelDescription.of(file).tokenizer();
    }
  }

  @Test
  void stepsAndLimitAreTheGraphs() throws IOException {
    TokenizerDescription port = tokenizer(model("lealla"));
    TokenizerDescription original = tokenizer(model("lealla-original"));
    assertEquals(
        new TokenizerDescription(
            List.of(NormalizerStep.Simple.DROP_CONTROLS),
            List.of(SplitStep.Simple.SCRIPT, SplitStep.Simple.CHARACTERS),
            new TokenModel.WordPiece("##", 100, LengthUnit.BYTES, 1),
            port.specialTokens(),
            List.of()),
        original);
    assertEquals(List.of(SplitStep.Simple.BERT), port.splits());
    assertEquals(new TokenModel.WordPiece("##", 100, 1), port.model());
    assertEquals(5, port.addedTokens().size());
  }

  private static List<String> tokens(Path model, String text) throws IOException {
    Outcome outcome = Outcome.of("tokenize", "-m", model.toString(), text).silent();
    List<String> tokens = new ArrayList<>();
    for (Json token : Json.parse("out", outcome.out).get("tokens").items()) {
      tokens.add(token.asString());
    }
    return tokens;
  }

  @Test
  void textsAreTokenisedByTheModelsRules() throws IOException {
    String text = "3, 4\ta [SEP]";
    assertEquals(
        List.of("[CLS]", "3", ",", "4", "a", "[SEP]", "[SEP]"), tokens(model("lealla"), text));
    // A word of "3", "," and "4", and one of "[".
    assertEquals(
        List.of("[CLS]", "[UNK]", "a", "[", "S", "##E", "##P", "]", "[SEP]"),
        tokens(model("lealla-original"), text));
  }

  @Test
  void inspectSaysHowTextsAreSplit() {
    Outcome original = Outcome.of("inspect", model("lealla-original").toString()).silent();
    String tokenizer =
        """
          longest word          100 bytes
          normalizers
            dropcontrols
          splits
            script
            characters
          added tokens          0
        """;
    assertTrue(original.out.contains(tokenizer), original.out);
    Outcome port = Outcome.of("inspect", model("lealla").toString()).silent();
    assertTrue(port.out.contains("  longest word          100 characters\n"), port.out);
  }

  @Test
  void aTokenizerOfAnotherVocabularyIsRefused() throws IOException {
    Path copy = TestModels.copy("fixtures/lealla-original", folder.resolve("copy"));
    Path tokenizer = copy.resolve("tokenizer.json");
    TestModels.edit(tokenizer, "\"lowercase\": false", "\"lowercase\": true");
    Path target = folder.resolve("out.safetensors");
    String[] command = {
      "convert", copy.toString(), target.toString(), "--variant", "lealla-original"
    };
    Outcome.of(command)
        .failed(
            1,
            copy
                + " lower-cases texts, which the original LEALLA does not: its vocabulary is"
                + " another one, leave --variant out.");
    Files.copy(
        TestModels.resource("fixtures/xlmr-unigram").resolve("tokenizer.json"),
        tokenizer,
        StandardCopyOption.REPLACE_EXISTING);
    Outcome.of(command)
        .failed(
            1,
            copy
                + " has a unigram tokenizer; that of the original LEALLA is WordPiece: leave"
                + " --variant out.");
    assertTrue(Files.notExists(target));
  }
}
