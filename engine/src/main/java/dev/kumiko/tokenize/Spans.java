package dev.kumiko.tokenize;

import dev.kumiko.tokenize.unicode.Utf8;

/**
 * Where in a text the tokens lie that models find in its words, in the order of their ids. Belongs
 * to one call, except for {@link #NONE}.
 */
public final class Spans {
  /** Takes note of nothing. */
  public static final Spans NONE = new Spans();

  private final String text;
  private final IdBuffer starts;
  private final IdBuffer ends;

  /** {@code [bytes of the word]}: where the character begins that each stands for. */
  private int[] origins = {};

  private int wordLength;

  /** {@code [symbols of the word]}: where in the word each ends. */
  private final IdBuffer symbolEnds;

  private Spans() {
    text = null;
    starts = null;
    ends = null;
    symbolEnds = null;
  }

  /** Stores the spans of the first {@code kept} tokens of a text. */
  Spans(String text, int kept) {
    this.text = text;
    starts = new IdBuffer(kept);
    ends = new IdBuffer(kept);
    symbolEnds = new IdBuffer(Integer.MAX_VALUE);
  }

  /** Whether anything is taken note of. */
  public boolean isKept() {
    return text != null;
  }

  /** What follows is about the word {@code word[0, length)}, which begins at a place. */
  void enterWord(byte[] word, int length, Alignment alignment, int start) {
    if (length > origins.length) {
      origins = new int[Math.max(length, 2 * origins.length)];
    }
    wordLength = length;
    symbolEnds.truncate(0);
    int place = start;
    for (int i = 0; i < length; i++) {
      if (Utf8.isContinuation(word[i])) {
        origins[i] = origins[i - 1];
      } else {
        origins[i] = alignment.origin(place);
        place += Utf8.beginsPair(word[i]) ? 2 : 1;
      }
    }
  }

  /** Adds a token that the model found in {@code [from, to)} of the word's bytes. */
  public void add(int from, int to) {
    if (text != null) {
      // Bytes of a suffix that a model puts behind a word lie at the word's end.
      int last = Math.min(to, wordLength) - 1;
      addCharacters(origins[Math.min(from, last)], origins[last]);
    }
  }

  /**
   * Takes note of a symbol with which a model begins on the word, and which has so many bytes. As
   * in the reference it follows the one before it, whatever lies between them.
   */
  public void addSymbol(int bytes) {
    if (text != null) {
      int before = symbolEnds.size() == 0 ? 0 : symbolEnds.get(symbolEnds.size() - 1);
      symbolEnds.add(before + bytes);
    }
  }

  /** Where in the word's bytes a symbol ends. */
  public int symbolEnd(int symbol) {
    return symbolEnds.get(symbol);
  }

  /** Adds a token that is {@code text[from, to)} itself. */
  void addText(int from, int to) {
    starts.add(from);
    ends.add(to);
  }

  /** Adds a token from the character that begins at one index to that which begins at another. */
  void addCharacters(int first, int last) {
    addText(first, last + Character.charCount(text.codePointAt(last)));
  }

  /** Forgets all but the first {@code tokens}. */
  public void truncate(int tokens) {
    if (text != null) {
      starts.truncate(tokens);
      ends.truncate(tokens);
    }
  }

  /** Where the tokens begin. */
  IdBuffer starts() {
    return starts;
  }

  /** Where they end. */
  IdBuffer ends() {
    return ends;
  }
}
