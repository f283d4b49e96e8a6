package dev.kumiko.tokenize;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import dev.kumiko.tokenize.added.AddedTokens;
import dev.kumiko.tokenize.bert.BertEncoder;
import dev.kumiko.tokenize.model.Bpe;
import dev.kumiko.tokenize.model.Unigram;
import dev.kumiko.tokenize.model.Vocabulary;
import dev.kumiko.tokenize.model.WordModel;
import dev.kumiko.tokenize.model.WordPiece;
import dev.kumiko.tokenize.normalize.CharacterTrie;
import dev.kumiko.tokenize.normalize.Normalizer;
import dev.kumiko.tokenize.normalize.Normalizers;
import dev.kumiko.tokenize.split.Splitter;
import dev.kumiko.tokenize.split.Splitters;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes tokenizers from their description and their tables. */
public final class Tokenizers {
  private static final NormalizerStep.Bert NO_CLEAN_UP =
      new NormalizerStep.Bert(false, false, false, false);

  private final TokenizerDescription description;
  private final TokenizerTables tables;

  private Tokenizers(TokenizerDescription description, TokenizerTables tables) {
    this.description = description;
    this.tables = tables;
  }

  /**
   * A tokenizer. It gives the ids that Hugging Face {@code tokenizers} gives for the {@code
   * tokenizer.json} that the description comes from; with the steps that Hugging Face does not
   * have, those that TensorFlow Text gives.
   *
   * @throws ModelFormatException naming the tensor if one is malformed or does not fit the
   *     description
   */
  public static Tokenizer of(TokenizerDescription description, TokenizerTables tables)
      throws ModelFormatException {
    return new Tokenizers(description, tables).make();
  }

  private Tokenizer make() throws ModelFormatException {
    Vocabulary vocabulary =
        checked(
            TokenizerDescription.VOCABULARY,
            () -> new Vocabulary(tables.vocabularyBytes(), tables.vocabularyOffsets()));
    WordModel model = model(vocabulary);
    Optional<CharacterTrie> characterMap = characterMap();
    Normalizer normalizer =
        checked("", () -> Normalizers.of(description.normalizers(), characterMap));
    return checked(
        "",
        () -> {
          AddedTokens added = new AddedTokens(description.addedTokens(), vocabulary, normalizer);
          ContentEncoder encoder = encoder(added, normalizer, model);
          Supplier<Pipeline> pipeline =
              () -> encoder instanceof Pipeline same ? same : pipeline(added, normalizer, model);
          return new TextTokenizer(
              encoder,
              pipeline,
              vocabulary,
              added,
              description.specialTokens(),
              description.truncatesLeft(),
              description.trimming());
        });
  }

  private Optional<CharacterTrie> characterMap() throws ModelFormatException {
    if (!description.hasCharacterMap()) {
      return Optional.empty();
    }
    return checked(
        TokenizerDescription.CHARACTER_MAP,
        () -> Optional.of(CharacterTrie.read(tables.characterMap())));
  }

  private ContentEncoder encoder(AddedTokens added, Normalizer normalizer, WordModel model) {
    List<NormalizerStep> normalizers = description.normalizers();
    List<SplitStep> splits = description.splits();
    boolean splitsAsBert = splits.equals(List.of(SplitStep.Simple.BERT));
    if (splitsAsBert && model instanceof WordPiece wordPiece) {
      if (normalizers.isEmpty()) {
        return new BertEncoder(added, NO_CLEAN_UP, wordPiece);
      }
      if (normalizers.size() == 1 && normalizers.get(0) instanceof NormalizerStep.Bert bert) {
        return new BertEncoder(added, bert, wordPiece);
      }
    }
    return pipeline(added, normalizer, model);
  }

  private Pipeline pipeline(AddedTokens added, Normalizer normalizer, WordModel model) {
    Splitter splitter = Splitters.of(description.splits());
    return new Pipeline(added, normalizer, splitter, model);
  }

  private WordModel model(Vocabulary vocabulary) throws ModelFormatException {
    if (description.model() instanceof TokenModel.Unigram unigram) {
      return checked(
          TokenizerDescription.SCORES, () -> new Unigram(unigram, vocabulary, tables.scores()));
    }
    if (description.model() instanceof TokenModel.Bpe bpe) {
      return checked(TokenizerDescription.MERGES, () -> new Bpe(bpe, vocabulary, tables.merges()));
    }
    TokenModel.WordPiece wordPiece = (TokenModel.WordPiece) description.model();
    return checked(TokenizerDescription.VOCABULARY, () -> new WordPiece(wordPiece, vocabulary));
  }

  /** Blames the file for what the parts of a tokenizer refuse. */
  private <T> T checked(String tensor, Supplier<T> made) throws ModelFormatException {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      String place = tensor.isEmpty() ? "tokenizer" : tensor;
      throw new ModelFormatException(
          tensor.isEmpty() ? Reason.BAD_DESCRIPTION : Reason.VALUE_OUT_OF_RANGE,
          tables.source() + ": " + place + ": " + e.getMessage(),
          -1,
          tensor);
    }
  }
}
