package dev.kumiko.format;

import dev.kumiko.model.Similarity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A valid description in which every value differs from its neighbours. */
final class Descriptions {
  private Descriptions() {}

  static Architecture architecture() {
    return new Architecture("bert", 2, 12, 3, 20, Activation.GELU_TANH, 1e-12, 30, 16, 2);
  }

  static ModelDescription description() {
    Map<String, String> prompts = new LinkedHashMap<>();
    prompts.put("query", "query: ");
    prompts.put("passage", "passage: ☃\n");
    TokenizerDescription tokenizer =
        new TokenizerDescription(
            List.of(new NormalizerStep.Bert(true, false, true, false)),
            List.of(SplitStep.Simple.BERT),
            new TokenModel.WordPiece("##", 100, 1),
            SpecialTokens.bert(2, 3),
            List.of(
                new AddedToken(0, "[PAD]", false, true, false, true, true),
                new AddedToken(29, "new \"word\"", true, false, true, false, false)));
    return new ModelDescription(
        "a-model",
        "where it came from",
        architecture(),
        new Head(
            List.of(Pooling.MEAN_SQRT_LEN, Pooling.CLS),
            false,
            List.of(
                new HeadStep.Dense(7, true, HeadActivation.SILU),
                new HeadStep.Norm(1e-5, false),
                new HeadStep.Normalize()),
            true),
        Similarity.DOT,
        14,
        prompts,
        "query",
        tokenizer,
        Optional.empty());
  }
}
