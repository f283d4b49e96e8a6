package dev.kumiko.tokenize;

import java.util.Arrays;

/**
 * Follows a text through the steps that change it: for every char, where in the original the
 * character begins that it stands for. A step says of the chars that it makes which ones of the
 * text before it they came from, and at the end that it is {@link #finish finished}; a step that
 * changes nothing need not say anything. Belongs to one call, except for {@link #NONE}.
 *
 * <p>As in the reference, a char always stands for one character: of several that become one, the
 * one in whose place it stands, and what is inserted stands for a neighbour.
 */
public final class Alignment {
  /** Takes note of nothing. */
  public static final Alignment NONE = new Alignment(null);

  /** {@code [chars]} of the text before the step. */
  private int[] origins;

  /** Those of the chars that the step has made. */
  private final IdBuffer made = new IdBuffer(Integer.MAX_VALUE);

  private Alignment(int[] origins) {
    this.origins = origins;
  }

  /** Begins with {@code text[from, to)} as it is; the original is {@code text}. */
  public static Alignment of(String text, int from, int to) {
    int[] origins = new int[to - from];
    for (int i = 0; i < origins.length; i++) {
      boolean second = Character.isLowSurrogate(text.charAt(from + i));
      origins[i] = second ? origins[i - 1] : from + i;
    }
    return new Alignment(origins);
  }

  /** A copy that goes on with the chars in {@code [from, to)} alone. */
  Alignment part(int from, int to) {
    return this == NONE ? NONE : new Alignment(Arrays.copyOfRange(origins, from, to));
  }

  /** Whether anything is taken note of. */
  public boolean isKept() {
    return origins != null;
  }

  /** Where the character begins for which a char stands. */
  public int origin(int place) {
    return origins[place];
  }

  /**
   * The chars that the step has made since it was last asked, up to {@code length} in all, stand
   * for what the char at {@code place} before the step stands for.
   */
  public void add(int length, int place) {
    if (origins != null) {
      while (made.size() < length) {
        made.add(origins[place]);
      }
    }
  }

  /** The step has taken over the chars in {@code [from, to)} before it, one by one. */
  public void keep(int from, int to) {
    if (origins != null) {
      for (int i = from; i < to; i++) {
        made.add(origins[i]);
      }
    }
  }

  /** The step has made all of its text. */
  public void finish() {
    if (origins != null) {
      origins = made.toArray(made.size());
      made.truncate(0);
    }
  }
}
