package dev.kumiko.tokenize;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.tokenize.model.Vocabulary;
import java.util.List;

/** Vocabularies and tokenizers made of a few words. */
public final class Vocabularies {
  private Vocabularies() {}

  public static Vocabulary of(String... tokens) {
    TokenizerTables tables = tables(tokens);
    return new Vocabulary(tables.vocabularyBytes(), tables.vocabularyOffsets());
  }

  static TokenizerTables tables(String... tokens) {
    return TokenizerTables.of("a test", List.of(tokens), new double[0], new int[0], new byte[0]);
  }

  /** An uncased description whose first three ids are the unknown, [CLS] and [SEP]. */
  static TokenizerDescription description(int maxInputCharsPerWord, AddedToken... added) {
    return bert(
        new NormalizerStep.Bert(true, true, true, true),
        new TokenModel.WordPiece("##", maxInputCharsPerWord, 0),
        SpecialTokens.bert(1, 2),
        List.of(added));
  }

  static TokenizerDescription bert(
      NormalizerStep.Bert normalizer,
      TokenModel.WordPiece model,
      SpecialTokens specials,
      List<AddedToken> added) {
    return new TokenizerDescription(
        List.of(normalizer), List.of(SplitStep.Simple.BERT), model, specials, added);
  }

  static Tokenizer tokenizer(TokenizerDescription description, String... tokens) {
    try {
      return Tokenizers.of(description, tables(tokens));
    } catch (ModelFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
