package dev.kumiko.tools;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How often a model's tokens occur in a file of texts. */
final class TokenCounts {
  private TokenCounts() {}

  /**
   * Counts the tokens of all texts, special tokens included, each text as long as the model takes.
   *
   * @return a number for each row of the token table
   * @throws IOException if there is no text, or no token in them that the model knows
   */
  static long[] of(Path model, Path corpus, Streams streams) throws IOException {
    try (ModelFile file = ModelFile.open(model);
        TextSource texts =
            new LineTexts(Files.newInputStream(corpus), corpus.toString(), Files.size(corpus));
        Progress progress = new Progress(streams)) {
      ModelDescription description = ModelDescription.of(file);
      int rows = description.architecture().vocabularySize();
      TokenizerTables tables = TokenizerTables.read(file, description.tokenizer(), rows);
      Tokenizer tokenizer = Tokenizers.of(description.tokenizer(), tables);
      long[] counts = new long[rows];
      long read = 0;
      for (List<String> batch = texts.next(); !batch.isEmpty(); batch = texts.next()) {
        for (String text : batch) {
          for (int id : tokenizer.encode(text, description.maxTokens()).ids()) {
            counts[id]++;
          }
          read++;
        }
        progress.update(read, texts.fraction());
      }
      if (read == 0) {
        throw new CommandFailedException(corpus + ": is empty, expected texts, one a line");
      }
      requireKnown(counts, description, corpus);
      return counts;
    }
  }

  private static void requireKnown(long[] counts, ModelDescription description, Path corpus)
      throws IOException {
    Set<Integer> others = new HashSet<>();
    for (Piece piece : description.tokenizer().specialTokens().single()) {
      others.add(piece.kind() == SpecialTokens.Kind.TOKEN ? piece.id() : -1);
    }
    TokenModel model = description.tokenizer().model();
    if (model instanceof TokenModel.WordPiece wordPiece) {
      others.add(wordPiece.unknownId());
    } else if (model instanceof TokenModel.Unigram unigram) {
      others.add(unigram.unknownId());
    } else if (model instanceof TokenModel.Bpe bpe) {
      others.add(bpe.unknownId().orElse(-1));
    }
    for (int id = 0; id < counts.length; id++) {
      if (counts[id] > 0 && !others.contains(id)) {
        return;
      }
    }
    throw new CommandFailedException(
        "%s: has no token that %s knows; is it text in the model's language?"
            .formatted(corpus, description.name()));
  }
}
