package dev.kumiko.tokenize;

import dev.kumiko.tokenize.added.AddedTokens;
import dev.kumiko.tokenize.model.WordModel;
import dev.kumiko.tokenize.normalize.Normalizer;
import dev.kumiko.tokenize.split.Splitter;
import dev.kumiko.tokenize.split.Words;
import dev.kumiko.tokenize.unicode.Utf8;

/** Added tokens, normaliser, splitter and model, one after another. */
final class Pipeline implements ContentEncoder {
  private final AddedTokens addedTokens;
  private final Normalizer normalizer;
  private final Splitter splitter;
  private final WordModel model;

  Pipeline(AddedTokens addedTokens, Normalizer normalizer, Splitter splitter, WordModel model) {
    this.addedTokens = addedTokens;
    this.normalizer = normalizer;
    this.splitter = splitter;
    this.model = model;
  }

  @Override
  public IdBuffer encode(String text, int kept, int enough) {
    return encode(text, kept, enough, Spans.NONE);
  }

  /** The same, and adds where the tokens lie to spans of this text. */
  IdBuffer encode(String text, int kept, int enough, Spans spans) {
    Call call = new Call(new IdBuffer(kept), enough, spans);
    addedTokens.raw().scan(text, call);
    return call.ids;
  }

  /** What belongs to one call; takes the parts of the raw text. */
  private final class Call implements AddedTokens.Sink {
    private final IdBuffer ids;
    private final int enough;
    private final Spans spans;
    private final WordModel.WordEncoder words;
    private final NormalizedSink normalizedSink = new NormalizedSink();
    private byte[] word = new byte[64];
    private boolean finished;
    private boolean partAtStart;
    private Alignment alignment = Alignment.NONE;

    Call(IdBuffer ids, int enough, Spans spans) {
      this.ids = ids;
      this.enough = enough;
      this.spans = spans;
      this.words = model.encoder(ids, spans);
    }

    @Override
    public boolean finished() {
      return finished;
    }

    @Override
    public void text(String text, int from, int to) {
      partAtStart = from == 0;
      alignment = spans.isKept() ? Alignment.of(text, from, to) : Alignment.NONE;
      String normalized = normalizer.normalize(text.substring(from, to), alignment);
      addedTokens.normalized().scan(normalized, normalizedSink);
    }

    @Override
    public void token(int id, int from, int to) {
      ids.add(id);
      if (spans.isKept()) {
        spans.addText(from, to);
      }
    }

    private void encode(String part, boolean atStart, Alignment followed) {
      Words split = splitter.split(Words.whole(part, atStart, followed));
      for (int i = 0; i < split.count() && !finished; i++) {
        int length = spell(split.text(), split.start(i), split.end(i));
        if (spans.isKept()) {
          spans.enterWord(word, length, followed, split.start(i));
        }
        words.encode(word, length);
        finished = ids.size() >= enough;
      }
    }

    /** Writes {@code text[from, to)} to {@link #word} and returns the number of bytes. */
    private int spell(String text, int from, int to) {
      int most = 3 * (to - from) + Utf8.LONGEST;
      if (most > word.length) {
        word = new byte[Math.max(most, 2 * word.length)];
      }
      int length = 0;
      for (int i = from; i < to; i++) {
        char c = text.charAt(i);
        if (c < 0x80) {
          word[length++] = (byte) c;
        } else if (Character.isHighSurrogate(c)) {
          length = Utf8.put(text.codePointAt(i++), word, length);
        } else {
          length = Utf8.put(c, word, length);
        }
      }
      return length;
    }

    /** Takes the parts of a normalised text. */
    private final class NormalizedSink implements AddedTokens.Sink {
      @Override
      public boolean finished() {
        return finished;
      }

      @Override
      public void text(String text, int from, int to) {
        encode(text.substring(from, to), partAtStart && from == 0, alignment.part(from, to));
      }

      @Override
      public void token(int id, int from, int to) {
        ids.add(id);
        if (spans.isKept()) {
          spans.addCharacters(alignment.origin(from), alignment.origin(to - 1));
        }
      }
    }
  }
}
