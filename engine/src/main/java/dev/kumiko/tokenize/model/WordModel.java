package dev.kumiko.tokenize.model;

import dev.kumiko.tokenize.IdBuffer;

/** How a word becomes ids. Immutable and safe for concurrent use. */
public interface WordModel {
  /** An encoder that adds ids to {@code ids}. Belongs to one call. */
  WordEncoder encoder(IdBuffer ids);

  /** Encodes words, one after another. */
  interface WordEncoder {
    /** Adds the ids of the word {@code word[0, length)}, UTF-8 and not empty. */
    void encode(byte[] word, int length);
  }
}
