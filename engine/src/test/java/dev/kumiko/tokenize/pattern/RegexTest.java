package dev.kumiko.tokenize.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
  private static List<String> matches(String regex, String text) {
    List<String> found = new ArrayList<>();
    TextFinder.Matches matches = Regex.of(regex).in(text, 0, text.length());
    while (matches.next()) {
      found.add(text.substring(matches.start(), matches.end()));
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a => abcA => a",
        "x|a?c => abcac => c,ac",
        "ab* => abbba => abbb,a",
        "a{2} => aaaaa => aa,aa",
        "a{2,} => aaaaaba => aaaaa",
        "a{1,3} => aaaaa => aaa,aa",
        "a++b => aaab => aaab",
        "[^a-c]+ => xaybzc- => x,y,z,-",
        "[a\\-c]+ => a-cb => a-c",
        "[-a] => b-a => -,a",
        "[a-] => b-a => -,a",
        ".x => axbxx => ax,bx",
        "x(?!y) => xyxz => x",
        "x(?=y) => xyxz => x",
        "(ab|a)(c|bcd) => abcd => abc",
        "(?:b|c)?d => bdcdd => bd,cd,d",
        "(?i:'s) => 'S's'\u017f'x => 'S,'s,'\u017f",
        "(?i:k) => kK\u212ak => k,K,\u212a,k",
        "\\u4e2d\\x41 => 中A => 中A",
        "\\. => a.b => .",
        "\\p{Lu} => aBc => B",
        "\\P{L}+ => a1-b => 1-",
        "\\p{^L}+ => a1-b => 1-",
        "\\p{Han}+ => ab漢字か => 漢字",
        "[^\\s\\p{L}]+ => a b1! => 1!",
        "\\d+ => a12\u0663 => 12\u0663",
        "\\D+ => 1ab2 => ab",
        "\\w+ => a_1 \u00bd => a_1,\u00bd",
        "[\\w]+ => a_1 \u00bd => a_1",
        "\\S+ => a b => a,b",
        "a{,2}b => aaab => aab",
      })
  void findsWhatItShould(String row) {
    String[] parts = row.split(" => ", -1);
    assertEquals(List.of(parts[2].split(",", -1)), matches(parts[0], parts[1]));
  }

  @Test
  void aPossessiveQuantifierGivesNothingBack() {
    assertEquals(List.of(), matches("a++a", "aaa"));
    assertEquals(List.of(), matches("a*+a", "aaa"));
    assertEquals(List.of(), matches("a?+a", "a"));
    assertEquals(List.of("aaa"), matches("a+a", "aaa"));
  }

  @Test
  void seesNothingAroundTheRange() {
    TextFinder.Matches matches = Regex.of("x(?!y)").in("xyxy", 0, 3);
    assertTrue(matches.next());
    assertEquals(2, matches.start());
  }

  @Test
  void givesBackWholeCharacters() {
    assertEquals(List.of("🙂🙂a"), matches("[^b]+a", "🙂🙂a🙂"));
  }

  @Property
  void agreesWithTheJdkOnPlainPatterns(@ForAll @CharRange(from = 'a', to = 'c') String text) {
    for (String regex : List.of("a+b?|c", "[ab]{2,3}c*", "(?:a|ab)(?:c|bc)?", "b(?!a)|a+(?=b)")) {
      List<String> expected = new ArrayList<>();
      var matcher = java.util.regex.Pattern.compile(regex).matcher(text);
      while (matcher.find()) {
        expected.add(matcher.group());
      }
      assertEquals(expected, matches(regex, text), regex);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a*",
        "a|",
        "(?:a)?",
        "x?y*",
        "^a",
        "a$",
        "\\bx",
        "a*?b",
        "a+?",
        "(ab)+",
        "(ab){2}",
        "a{1,2}+",
        "a{x}",
        "a{3,1}",
        "a{1",
        "[a",
        "[]a]",
        "[a[b]]",
        "[a&&b]",
        "[[:alpha:]]",
        "[b-a]",
        "(a",
        "a)",
        "(?<x>a)",
        "(?<=a)b",
        "(?>a)",
        "(?i)a",
        "(?i:ss)",
        "(?i:é)",
        "(?i:[a])",
        "\\h",
        "\\x80",
        "\\uD83D",
        "\\p{Greek}",
        "\\p{}",
        "\\p{L",
        "\\",
        "a**",
        "\\1",
        "\\G",
        "{",
        "a{2000}"
      })
  void refusesByName(String regex) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Regex.of(regex)).getMessage();
    assertTrue(message.startsWith("regular expression \"" + regex + "\""), message);
    assertTrue(message.endsWith("Kumiko does not support that"), message);
  }

  @Test
  void refusesDeepNesting() {
    String regex = "(".repeat(500) + "a" + ")".repeat(500);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Regex.of(regex)).getMessage();
    assertTrue(message.contains("nested more than 20 deep"), message);
  }

  @Test
  void givesUpRatherThanTakeForever() {
    String text = "a".repeat(20_000);
    String message =
        assertThrows(IllegalArgumentException.class, () -> matches("a*a*a*a*a*b", text))
            .getMessage();
    assertTrue(message.contains("takes more than 1000 steps per character"), message);
  }

  @Test
  void manyWaysAreNoHardWork() {
    assertEquals(List.of("x"), matches("(?:a?b?)?".repeat(200) + "x", "x"));
    String regex = "(?:a?)?".repeat(200) + "x";
    String message =
        assertThrows(IllegalArgumentException.class, () -> matches(regex, "aaaaaaaaaaaa"))
            .getMessage();
    assertTrue(message.contains("steps per character"), message);
    message =
        assertThrows(IllegalArgumentException.class, () -> Regex.of("a".repeat(2001))).getMessage();
    assertTrue(message.contains("has 2001 characters; Kumiko supports at most 2000"), message);
  }

  @Test
  void longRunsTakeNoStack() {
    assertEquals(1, matches("\\s+(?!\\S)|\\s+", " ".repeat(1_000_000)).size());
  }
}
