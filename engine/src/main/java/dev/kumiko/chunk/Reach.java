package dev.kumiko.chunk;

import java.util.function.IntUnaryOperator;

/**
 * Looks for the boundary farthest from a place, in either direction, up to which a text has few
 * enough tokens.
 *
 * <p>Only counts decide, and what is found was counted. Between a place that is near enough and one
 * that is too far it looks where the limit would be if tokens were spread evenly, and every third
 * time in the middle, so that it takes few counts if they are and not many if they are not.
 */
final class Reach {
  private final Window window;
  private final IntUnaryOperator tokens;
  private final int limit;
  private final int origin;
  private final int originTokens;
  private int far;
  private int farTokens;
  private int foundTokens;

  /**
   * A search.
   *
   * @param tokens of the text up to a place
   * @param limit the most that is allowed
   * @param origin where the search begins; not a result
   * @param originTokens about how many tokens the text has up to there
   * @param far where it ends, before or behind {@code origin}; not a result
   * @param farTokens the tokens of the text up to {@code far}
   */
  Reach(
      Window window,
      IntUnaryOperator tokens,
      int limit,
      int origin,
      int originTokens,
      int far,
      int farTokens) {
    this.window = window;
    this.tokens = tokens;
    this.limit = limit;
    this.origin = origin;
    this.originTokens = originTokens;
    this.far = far;
    this.farTokens = farTokens;
  }

  /**
   * Returns the farthest boundary that is as good as this or better, or -1 if not even the first
   * fits; then a later search for worse ones goes no farther than that.
   */
  int farthest(Boundary least) {
    int near = origin;
    int nearTokens = originTokens;
    for (int count = 1; ; count++) {
      double share = (double) (limit - nearTokens) / (farTokens - nearTokens);
      boolean bisect = count % 3 == 0 || !(share >= 0 && share <= 1);
      int guess = near + (int) ((far - near) * (bisect ? 0.5 : share));
      int place = between(near, guess, least);
      if (place < 0) {
        foundTokens = nearTokens;
        return near == origin ? -1 : near;
      }
      int found = tokens.applyAsInt(place);
      if (found <= limit) {
        near = place;
        nearTokens = found;
      } else {
        far = place;
        farTokens = found;
      }
    }
  }

  /** Returns a boundary that is nearer than {@code far}: the next to a guess, nearer ones first. */
  private int between(int near, int guess, Boundary least) {
    if (far > near) {
      int before = window.last(least, near + 1, Math.min(guess + 1, far));
      return before >= 0 ? before : window.first(least, Math.max(guess, near) + 1, far);
    }
    int behind = window.first(least, Math.max(guess, far + 1), near);
    return behind >= 0 ? behind : window.last(least, far + 1, Math.min(guess, near));
  }

  /** Returns the tokens of the text up to the boundary that was found last. */
  int foundTokens() {
    return foundTokens;
  }
}
