package dev.kumiko.tokenize.bert;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.tokenize.ContentEncoder;
import dev.kumiko.tokenize.IdBuffer;
import dev.kumiko.tokenize.added.AddedTokens;
import dev.kumiko.tokenize.model.WordPiece;

/**
 * BERT's normaliser, splitter and model in one pass: what {@code Pipeline} would do for them, but
 * several times as fast.
 */
public final class BertEncoder implements ContentEncoder {
  private final AddedTokens addedTokens;
  private final WordPiece wordPiece;

  /** Normalises a text. */
  private final CharacterMap normalizing;

  /** Leaves a text that is normalised already as it is. */
  private final CharacterMap classifying =
      new CharacterMap(new NormalizerStep.Bert(false, false, false, false));

  /** An encoder. */
  public BertEncoder(AddedTokens addedTokens, NormalizerStep.Bert settings, WordPiece wordPiece) {
    this.addedTokens = addedTokens;
    this.wordPiece = wordPiece;
    this.normalizing = new CharacterMap(settings);
  }

  @Override
  public IdBuffer encode(String text, int kept, int enough) {
    IdBuffer ids = new IdBuffer(kept);
    BertWords words = new BertWords(wordPiece, ids, enough);
    addedTokens.raw().scan(text, new RawParts(words, ids));
    return ids;
  }

  /** Takes the parts of the raw text. */
  private final class RawParts implements AddedTokens.Sink {
    private final BertWords words;
    private final IdBuffer ids;

    RawParts(BertWords words, IdBuffer ids) {
      this.words = words;
      this.ids = ids;
    }

    @Override
    public boolean finished() {
      return words.finished();
    }

    @Override
    public void text(String text, int from, int to) {
      NormalizedText part = new NormalizedText(normalizing, text, from, to);
      if (addedTokens.normalized().isEmpty()) {
        words.encode(part);
      } else {
        addedTokens.normalized().scan(part.readAll(), new NormalizedParts(words, ids));
      }
    }

    @Override
    public void token(int id, int from, int to) {
      ids.add(id);
    }
  }

  /** Takes the parts of a normalised text. */
  private final class NormalizedParts implements AddedTokens.Sink {
    private final BertWords words;
    private final IdBuffer ids;

    NormalizedParts(BertWords words, IdBuffer ids) {
      this.words = words;
      this.ids = ids;
    }

    @Override
    public boolean finished() {
      return words.finished();
    }

    @Override
    public void text(String text, int from, int to) {
      words.encode(new NormalizedText(classifying, text, from, to));
    }

    @Override
    public void token(int id, int from, int to) {
      ids.add(id);
    }
  }
}
