package dev.kumiko.tokenize.bert;

import dev.kumiko.tokenize.IdBuffer;
import dev.kumiko.tokenize.Spans;
import dev.kumiko.tokenize.model.WordPiece;
import dev.kumiko.tokenize.unicode.Utf8;
import java.util.Arrays;

/** Collects the code points of a word as UTF-8 and encodes it. Belongs to one call. */
final class BertWords {
  private final WordPiece wordPiece;
  private final IdBuffer ids;
  private final int enough;
  private boolean finished;
  private byte[] word = new byte[128];
  private int[] hashes = new int[word.length];
  private int length;
  private int codePoints;

  /** Adds the ids of words to {@code ids}, up to the word that makes them {@code enough}. */
  BertWords(WordPiece wordPiece, IdBuffer ids, int enough) {
    this.wordPiece = wordPiece;
    this.ids = ids;
    this.enough = enough;
  }

  /** Whether the last word made the ids enough. */
  boolean finished() {
    return finished;
  }

  /** Encodes words until the text ends or the ids are enough. */
  void encode(NormalizedText text) {
    while (!finished) {
      int entry = text.next();
      if (entry == NormalizedText.END) {
        endWord();
        return;
      }
      int kind = CharacterMap.kind(entry);
      if (kind == CharacterMap.WORD) {
        add(entry);
      } else {
        endWord();
        if (kind != CharacterMap.SPACE && !finished) {
          add(CharacterMap.codePoint(entry));
          endWord();
        }
      }
    }
  }

  private void add(int codePoint) {
    codePoints++;
    if (wordPiece.isTooLong(codePoints, length)) {
      return;
    }
    if (word.length - length < Utf8.LONGEST) {
      word = Arrays.copyOf(word, 2 * word.length);
      hashes = new int[word.length];
    }
    length = Utf8.put(codePoint, word, length);
  }

  private void endWord() {
    if (codePoints == 0) {
      return;
    }
    if (wordPiece.isTooLong(codePoints, length)) {
      ids.add(wordPiece.unknownId());
    } else {
      wordPiece.encode(word, length, hashes, ids, Spans.NONE);
    }
    finished = ids.size() >= enough;
    length = 0;
    codePoints = 0;
  }
}
