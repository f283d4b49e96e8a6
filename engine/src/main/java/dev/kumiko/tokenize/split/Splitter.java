package dev.kumiko.tokenize.split;

/** One step of splitting a text into words. Immutable and safe for concurrent use. */
public interface Splitter {
  /** Splits each word further; may also spell it differently. */
  Words split(Words words);
}
