package dev.kumiko.tokenize;

/** Turns a text into ids, without specials. Immutable and safe for concurrent use. */
public interface ContentEncoder {
  /**
   * The first {@code kept} ids of a text without lone surrogates, and how many there are. Reads up
   * to the word that makes them {@code enough}, but does not stop at an added token, as the
   * reference does not.
   */
  IdBuffer encode(String text, int kept, int enough);
}
