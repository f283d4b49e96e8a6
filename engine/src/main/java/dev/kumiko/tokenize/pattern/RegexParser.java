package dev.kumiko.tokenize.pattern;

import dev.kumiko.tokenize.unicode.CodePointSet;
import java.util.ArrayList;
import java.util.List;

/** Reads a regular expression and refuses by name what {@link Regex} does not support. */
final class RegexParser {
  private static final int LONGEST = 2000;
  private static final int MOST_DEPTH = 20;
  private static final int MOST_REPEATS = 1000;
  private static final int UNLIMITED = Integer.MAX_VALUE;

  /** Pairs of letters that a single character folds to, such as {@code ß}. */
  private static final List<String> LIGATURES = List.of("ss", "st", "ff", "fi", "fl");

  private final String source;
  private int position;
  private int depth;

  RegexParser(String source) {
    this.source = source;
  }

  RegexNode parse() {
    if (source.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a regular expression has %d characters; Kumiko supports at most %d"
              .formatted(source.length(), LONGEST));
    }
    Part expression = choice(false);
    if (position < source.length()) {
      throw unsupported("a ) without a (");
    }
    return expression.before(new RegexNode.End());
  }

  /** A part of an expression that can be put before the rest of it. */
  private interface Part {
    RegexNode before(RegexNode next);
  }

  private Part choice(boolean ignoreCase) {
    List<Part> ways = new ArrayList<>();
    ways.add(sequence(ignoreCase));
    while (peek('|')) {
      position++;
      ways.add(sequence(ignoreCase));
    }
    return ways.size() == 1
        ? ways.getFirst()
        : next -> new RegexNode.Choice(ways.stream().map(way -> way.before(next)).toList());
  }

  private Part sequence(boolean ignoreCase) {
    List<Part> parts = new ArrayList<>();
    char letter = 0;
    while (position < source.length() && !peek('|') && !peek(')')) {
      char last = letter;
      letter = Character.toLowerCase(source.charAt(position));
      if (ignoreCase && LIGATURES.contains("" + last + letter)) {
        throw unsupported("(?i: ) around \"" + last + letter + "\", which has a ligature");
      }
      parts.add(item(ignoreCase));
    }
    return next -> {
      RegexNode node = next;
      for (Part part : parts.reversed()) {
        node = part.before(node);
      }
      return node;
    };
  }

  private Part item(boolean ignoreCase) {
    if (peek('(')) {
      return group(ignoreCase);
    }
    CodePointSet set = ignoreCase ? caselessLetter() : new CharacterClassParser(this).atom();
    int least = 1;
    int most = 1;
    boolean possessive = false;
    if (peek('?') || peek('*') || peek('+')) {
      char quantifier = source.charAt(position++);
      least = quantifier == '+' ? 1 : 0;
      most = quantifier == '?' ? 1 : UNLIMITED;
      possessive = peek('+');
      position += possessive ? 1 : 0;
    } else if (peek('{')) {
      position++;
      least = peek(',') ? 0 : number();
      most = least;
      if (peek(',')) {
        position++;
        most = peek('}') ? UNLIMITED : number();
      }
      expect('}');
    }
    requireNoQuantifier();
    if (most < least) {
      throw unsupported("a quantifier from " + least + " to " + most);
    }
    int from = least;
    int to = most;
    boolean keeps = possessive;
    return next -> new RegexNode.Repeat(set, from, to, keeps, next);
  }

  private Part group(boolean ignoreCase) {
    if (++depth > MOST_DEPTH) {
      throw unsupported("groups nested more than " + MOST_DEPTH + " deep");
    }
    position++;
    Part group;
    if (skip("?!") || skip("?=")) {
      boolean wanted = source.charAt(position - 1) == '=';
      CodePointSet set = new CharacterClassParser(this).atom();
      group = next -> new RegexNode.LookAhead(set, wanted, next);
    } else if (skip("?:")) {
      group = choice(ignoreCase);
    } else if (skip("?i:")) {
      group = choice(true);
    } else if (peek('?')) {
      throw unsupported("a group that begins with (" + rest(3));
    } else {
      group = choice(ignoreCase);
    }
    expect(')');
    depth--;
    boolean optional = peek('?');
    position += optional ? 1 : 0;
    requireNoQuantifier();
    return optional ? next -> new RegexNode.Choice(List.of(group.before(next), next)) : group;
  }

  private CodePointSet caselessLetter() {
    char c = source.charAt(position);
    boolean letter = Character.toLowerCase(c) >= 'a' && Character.toLowerCase(c) <= 'z';
    if (!letter && c != '\'') {
      throw unsupported("(?i: ) around " + rest(1));
    }
    position++;
    char lower = Character.toLowerCase(c);
    char upper = Character.toUpperCase(c);
    // Besides the capitals, only a long s and the sign for kelvin fold to ASCII letters.
    int other = lower == 's' ? 0x17F : lower == 'k' ? 0x212A : lower;
    return CodePointSet.of(one -> one == lower || one == upper || one == other);
  }

  private void requireNoQuantifier() {
    if (peek('?') || peek('*') || peek('+') || peek('{')) {
      throw unsupported("the quantifier " + rest(1) + " here");
    }
  }

  private int number() {
    int start = position;
    while (position < source.length() && Character.isDigit(source.charAt(position))) {
      position++;
    }
    if (start == position || position - start > 4) {
      position = start;
      throw unsupported("the quantifier {" + rest(8));
    }
    int number = Integer.parseInt(source.substring(start, position));
    if (number > MOST_REPEATS) {
      throw unsupported(number + " repetitions, more than " + MOST_REPEATS);
    }
    return number;
  }

  boolean atEnd() {
    return position == source.length();
  }

  boolean peek(char c) {
    return position < source.length() && source.charAt(position) == c;
  }

  boolean skip(String text) {
    boolean there = source.startsWith(text, position);
    position += there ? text.length() : 0;
    return there;
  }

  void expect(char c) {
    if (!peek(c)) {
      throw unsupported(atEnd() ? "an end where " + c + " should be" : rest(1) + " for " + c);
    }
    position++;
  }

  /** Takes the next character. */
  int next() {
    if (atEnd()) {
      throw unsupported("an end in the middle");
    }
    int codePoint = source.codePointAt(position);
    position += Character.charCount(codePoint);
    return codePoint;
  }

  private String rest(int length) {
    return source.substring(position, Math.min(source.length(), position + length));
  }

  IllegalArgumentException unsupported(String what) {
    return new IllegalArgumentException(
        "regular expression \"%s\" has, before index %d, %s; Kumiko does not support that"
            .formatted(source, position, what));
  }
}
