package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;

/** One step of normalisation. Immutable and safe for concurrent use. */
public interface Normalizer {
  /** The normalised text. Neither text has lone surrogates. */
  default String normalize(String text) {
    return normalize(text, Alignment.NONE);
  }

  /** The same, and tells an alignment that has followed the text to here. */
  String normalize(String text, Alignment alignment);
}
