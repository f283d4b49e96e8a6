package dev.kumiko;

import dev.kumiko.tokenize.WellFormedText;
import dev.kumiko.tokenize.WellFormedText.Repaired;

/**
 * What happens to a text that is no valid Unicode because it has half of a surrogate pair, as from
 * an emoji that was cut in two.
 */
public enum Malformed {
  /**
   * The half is read as U+FFFD, the replacement character, as decoders and {@code
   * String.getBytes(UTF_8)} of most languages would have left there. {@link
   * Embedding#replacements()} says how many there were. The default: one cut emoji among a million
   * texts changes next to nothing in one vector, and must not cost the others theirs.
   */
  REPLACE,

  /** The call throws {@link IllegalArgumentException} with the text and the index in it. */
  REFUSE;

  /**
   * Returns a text that is well-formed.
   *
   * @param name what the text is called in the message
   * @throws NullPointerException if it is null
   */
  Repaired repair(String name, String text) {
    return this == REPLACE
        ? WellFormedText.repair(name, text)
        : new Repaired(WellFormedText.require(name, text), 0);
  }
}
