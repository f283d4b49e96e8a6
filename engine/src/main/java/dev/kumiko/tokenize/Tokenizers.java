package dev.kumiko.tokenize;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.ModelFormatException.Reason;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.tokenize.added.AddedTokens;
import dev.kumiko.tokenize.bert.BertEncoder;
import dev.kumiko.tokenize.model.Bpe;
import dev.kumiko.tokenize.model.Unigram;
import dev.kumiko.tokenize.model.Vocabulary;
import dev.kumiko.tokenize.model.WordModel;
import dev.kumiko.tokenize.model.WordPiece;
import dev.kumiko.tokenize.normalize.Normalizer;
import dev.kumiko.tokenize.normalize.Normalizers;
import dev.kumiko.tokenize.split.Splitter;
import dev.kumiko.tokenize.split.Splitters;
import java.util.List;
import java.util.function.Supplier;

/** Makes tokenizers from their description and the tensors of a model file. */
public final class Tokenizers {
  private static final NormalizerStep.Bert NO_CLEAN_UP =
      new NormalizerStep.Bert(false, false, false, false);

  private final ModelFile file;
  private final TokenizerDescription description;

  private Tokenizers(ModelFile file, TokenizerDescription description) {
    this.file = file;
    this.description = description;
  }

  /**
   * A tokenizer. It gives the ids that Hugging Face {@code tokenizers} gives for the {@code
   * tokenizer.json} that the description comes from.
   *
   * @throws ModelFormatException naming the tensor if one is missing or malformed, or does not fit
   *     the description
   */
  public static Tokenizer of(ModelFile file, TokenizerDescription description)
      throws ModelFormatException {
    return new Tokenizers(file, description).read();
  }

  private Tokenizer read() throws ModelFormatException {
    Tensor bytes = tensor(TokenizerDescription.VOCABULARY_BYTES, DType.U8, 1);
    Tensor offsets = tensor(TokenizerDescription.VOCABULARY_OFFSETS, DType.I32, 1);
    Vocabulary vocabulary =
        checked(offsets.name(), () -> new Vocabulary(bytes.toBytes(), offsets.toInts()));
    WordModel model = model(vocabulary);
    Normalizer normalizer = normalizer();
    return checked(
        "",
        () -> {
          for (AddedToken token : description.addedTokens()) {
            TextTokenizer.requireText("added token " + token.id(), token.content());
          }
          AddedTokens added =
              new AddedTokens(description.addedTokens(), vocabulary, normalizer);
          return new TextTokenizer(
              encoder(added, normalizer, model), vocabulary, added, description.specialTokens());
        });
  }

  private ContentEncoder encoder(AddedTokens added, Normalizer normalizer, WordModel model) {
    List<NormalizerStep> normalizers = description.normalizers();
    boolean splitsAsBert = description.splits().equals(List.of(new SplitStep.Bert()));
    if (splitsAsBert && model instanceof WordPiece wordPiece) {
      if (normalizers.isEmpty()) {
        return new BertEncoder(added, NO_CLEAN_UP, wordPiece);
      }
      if (normalizers.size() == 1 && normalizers.get(0) instanceof NormalizerStep.Bert bert) {
        return new BertEncoder(added, bert, wordPiece);
      }
    }
    Splitter splitter = Splitters.of(description.splits());
    return new Pipeline(added, normalizer, splitter, model);
  }

  private WordModel model(Vocabulary vocabulary) throws ModelFormatException {
    if (description.model() instanceof TokenModel.Unigram unigram) {
      Tensor scores = tensor(TokenizerDescription.SCORES, DType.F64, 1);
      return checked(
          scores.name(), () -> new Unigram(unigram, vocabulary, scores.toDoubles()));
    }
    if (description.model() instanceof TokenModel.Bpe bpe) {
      Tensor merges = tensor(TokenizerDescription.MERGES, DType.I32, 2);
      if (merges.shape().get(1) != 3) {
        throw malformed(merges.name(), "has shape " + merges.shape() + ", expected [merges, 3]");
      }
      return checked(merges.name(), () -> new Bpe(bpe, vocabulary, merges.toInts()));
    }
    TokenModel.WordPiece wordPiece = (TokenModel.WordPiece) description.model();
    return checked(
        TokenizerDescription.VOCABULARY_OFFSETS, () -> new WordPiece(wordPiece, vocabulary));
  }

  private Normalizer normalizer() throws ModelFormatException {
    for (NormalizerStep step : description.normalizers()) {
      if (step instanceof NormalizerStep.Precompiled) {
        Tensor map = tensor(TokenizerDescription.CHARACTER_MAP, DType.U8, 1);
        return checked(
            map.name(), () -> Normalizers.of(description.normalizers(), map.toBytes()));
      }
    }
    return checked("", () -> Normalizers.of(description.normalizers(), new byte[0]));
  }

  private Tensor tensor(String name, DType type, int dimensions) throws ModelFormatException {
    Tensor tensor = file.tensor(name);
    if (tensor.type() != type || tensor.shape().size() != dimensions) {
      throw malformed(
          name,
          "is %s %s, expected %s with %d dimensions"
              .formatted(tensor.type(), tensor.shape(), type, dimensions));
    }
    return tensor;
  }

  /** Blames the file for what a room behind the door refuses. */
  private <T> T checked(String tensor, Supplier<T> made) throws ModelFormatException {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw malformed(tensor, e.getMessage());
    }
  }

  private ModelFormatException malformed(String tensor, String problem) {
    String place = tensor.isEmpty() ? "tokenizer" : "tensor " + tensor;
    return new ModelFormatException(
        tensor.isEmpty() ? Reason.BAD_DESCRIPTION : Reason.UNEXPECTED_TENSOR,
        file.source() + ": " + place + ": " + problem,
        -1,
        tensor);
  }
}
