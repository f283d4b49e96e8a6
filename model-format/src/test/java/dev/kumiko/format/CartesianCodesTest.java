package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CartesianCodesTest {
  /** The smallest Q for which Q^F is more than V: the hardest case. */
  private static int base(int tokens, int parts) {
    int base = 2;
    while (BigInteger.valueOf(base).pow(parts).compareTo(BigInteger.valueOf(tokens)) <= 0) {
      base++;
    }
    return base;
  }

  @Property(tries = 200)
  void noTwoTokensHaveTheSameCodes(
      @ForAll @IntRange(min = 1, max = 40_000) int tokens,
      @ForAll @IntRange(min = 1, max = 100) int parts) {
    int base = base(tokens, parts);
    TokenCodes codes = CartesianCodes.inOrderOfIds(base, parts);
    Set<String> seen = HashSet.newHashSet(tokens);
    char[] row = new char[parts];
    for (int token = 0; token < tokens; token++) {
      for (int part = 0; part < parts; part++) {
        int code = codes.code(token, part);
        assertTrue(code >= 0 && code < base);
        row[part] = (char) code;
      }
      assertTrue(seen.add(new String(row)), "token " + token);
    }
  }

  @Property(tries = 2_000)
  void codesAreThoseOfTheFormula(
      @ForAll @IntRange(min = 0) int token,
      @ForAll @IntRange(min = 2, max = 65_536) int base,
      @ForAll @IntRange(min = 0, max = 99) int part) {
    BigInteger q = BigInteger.valueOf(base);
    BigInteger expected = BigInteger.valueOf(token).divide(q.pow(part)).mod(q);
    if (token < Integer.MAX_VALUE) {
      int actual = CartesianCodes.inOrderOfIds(base, 100).code(token, part);
      assertEquals(expected.intValueExact(), actual);
    }
  }
}
