package dev.kumiko.tools.convert.vocabulary;

import java.util.Map;
import java.util.Optional;

/**
 * The special tokens that a tokenizer class has if nothing is stated.
 *
 * @param tokens contents by name
 * @param maskTakesSpace whether the mask, stated by its text alone, takes the space before it
 */
record SpecialDefaults(Map<String, String> tokens, boolean maskTakesSpace) {
  static final SpecialDefaults BERT =
      new SpecialDefaults(
          Map.of(
              "unk_token", "[UNK]",
              "sep_token", "[SEP]",
              "pad_token", "[PAD]",
              "cls_token", "[CLS]",
              "mask_token", "[MASK]"),
          false);

  static final SpecialDefaults ALBERT =
      new SpecialDefaults(
          Map.of(
              "bos_token", "[CLS]",
              "eos_token", "[SEP]",
              "unk_token", "<unk>",
              "sep_token", "[SEP]",
              "pad_token", "<pad>",
              "cls_token", "[CLS]",
              "mask_token", "[MASK]"),
          false);

  static final SpecialDefaults ROBERTA = angular("<unk>", false);

  static final SpecialDefaults CAMEMBERT = angular("<unk>", true);

  static final SpecialDefaults MPNET = angular("[UNK]", true);

  private static SpecialDefaults angular(String unknown, boolean maskTakesSpace) {
    return new SpecialDefaults(
        Map.of(
            "bos_token", "<s>",
            "eos_token", "</s>",
            "unk_token", unknown,
            "sep_token", "</s>",
            "pad_token", "<pad>",
            "cls_token", "<s>",
            "mask_token", "<mask>"),
        maskTakesSpace);
  }

  /** Returns the token of this name, with what is stated put before it. */
  Optional<AddedToken> token(String name, StatedTokens stated) {
    Optional<AddedToken> absent = Optional.ofNullable(tokens.get(name)).map(AddedToken::special);
    boolean isMask = name.equals("mask_token") && maskTakesSpace;
    if (isMask) {
      absent = absent.map(AddedToken::withSpaceBefore);
    }
    Optional<AddedToken> token = stated.named(name, absent);
    return isMask && stated.isStatedAsText(name) ? token.map(AddedToken::withSpaceBefore) : token;
  }
}
