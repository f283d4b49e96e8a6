package dev.kumiko.tokenize.normalize;

/** One step of normalisation. Immutable and safe for concurrent use. */
public interface Normalizer {
  /** The normalised text. Neither text has lone surrogates. */
  String normalize(String text);
}
