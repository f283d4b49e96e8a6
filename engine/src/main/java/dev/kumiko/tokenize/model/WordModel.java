package dev.kumiko.tokenize.model;

import dev.kumiko.tokenize.IdBuffer;
import dev.kumiko.tokenize.Spans;

/** How a word becomes ids. Immutable and safe for concurrent use. */
public interface WordModel {
  /** An encoder that adds ids to {@code ids}. Belongs to one call. */
  default WordEncoder encoder(IdBuffer ids) {
    return encoder(ids, Spans.NONE);
  }

  /** One that also adds to {@code spans} where in the word each token lies. */
  WordEncoder encoder(IdBuffer ids, Spans spans);

  /** Encodes words, one after another. */
  interface WordEncoder {
    /** Adds the ids of the word {@code word[0, length)}, UTF-8 and not empty. */
    void encode(byte[] word, int length);
  }
}
