package dev.kumiko.tokenize.unicode;

import java.util.Arrays;

/** An immutable set of code points, written as hexadecimal ranges: {@code "41-5A 5F"}. */
public final class CodePointRanges {
  private final int[] firsts;
  private final int[] lasts;

  /** Takes ascending, disjoint ranges separated by white space. */
  public CodePointRanges(String ranges) {
    String[] parts = ranges.strip().split("\\s+", -1);
    firsts = new int[parts.length];
    lasts = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      int dash = parts[i].indexOf('-');
      firsts[i] = Integer.parseInt(dash < 0 ? parts[i] : parts[i].substring(0, dash), 16);
      lasts[i] = Integer.parseInt(parts[i].substring(dash + 1), 16);
    }
  }

  /** Whether a code point is in the set. */
  public boolean contains(int codePoint) {
    int found = Arrays.binarySearch(firsts, codePoint);
    int range = found >= 0 ? found : -found - 2;
    return range >= 0 && codePoint <= lasts[range];
  }
}
