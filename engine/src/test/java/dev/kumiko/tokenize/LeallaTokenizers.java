package dev.kumiko.tokenize;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenModel.LengthUnit;
import dev.kumiko.format.TokenizerDescription;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokenizers with the steps of the original LEALLA's. */
public final class LeallaTokenizers {
  private LeallaTokenizers() {}

  /** One whose first three tokens are the unknown, [CLS] and [SEP]. */
  static Tokenizer of(String... tokens) {
    return Vocabularies.tokenizer(description(0, 1, 2), tokens);
  }

  /** One with the vocabulary of the fixture {@code labse}. */
  public static Tokenizer fixture() throws IOException {
    Map<String, Integer> ids = vocabulary();
    String[] tokens = new String[ids.size()];
    ids.forEach((token, id) -> tokens[id] = token);
    return Vocabularies.tokenizer(
        description(ids.get("[UNK]"), ids.get("[CLS]"), ids.get("[SEP]")), tokens);
  }

  static Map<String, Integer> vocabulary() throws IOException {
    var in = LeallaTokenizers.class.getResourceAsStream("/fixtures/labse/tokenizer.json");
    Map<String, Integer> ids = new HashMap<>();
    Json.map(Json.map(Json.read(in), "model"), "vocab")
        .forEach((token, id) -> ids.put((String) token, ((Number) id).intValue()));
    return ids;
  }

  private static TokenizerDescription description(int unknown, int cls, int sep) {
    return new TokenizerDescription(
        List.of(NormalizerStep.Simple.DROP_CONTROLS),
        List.of(SplitStep.Simple.SCRIPT, SplitStep.Simple.CHARACTERS),
        new TokenModel.WordPiece("##", 100, LengthUnit.BYTES, unknown),
        SpecialTokens.bert(cls, sep),
        List.of());
  }
}
