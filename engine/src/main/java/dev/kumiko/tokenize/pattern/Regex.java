package dev.kumiko.tokenize.pattern;

import dev.kumiko.tokenize.unicode.CodePointSet;

/**
 * Regular expressions of the kind that tokenizers use, with the meaning that Oniguruma gives them:
 * at each place the first alternative that matches counts. Supported are characters, classes and
 * Unicode categories with greedy and possessive quantifiers, groups that are there at most once,
 * {@code (?i:...)} around ASCII letters, and looking ahead at one character.
 *
 * <p>{@code java.util.regex} would do for the meaning, but its recursion overflows the stack on
 * long texts, and its classes are other ones.
 */
final class Regex implements TextFinder {
  /** More steps than any useful pattern takes for a character. */
  private static final long STEPS_PER_CHAR = 1000;

  private final String source;
  private final RegexNode first;

  private Regex(String source, RegexNode first) {
    this.source = source;
    this.first = first;
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException if it is malformed, if it has what is not supported, or if it
   *     matches the empty text
   */
  static Regex of(String source) {
    RegexNode first = new RegexParser(source).parse();
    if (first.matchesNothing()) {
      throw new IllegalArgumentException(
          "regular expression \"%s\" also matches the empty text; Kumiko does not support that"
              .formatted(source));
    }
    return new Regex(source, first);
  }

  @Override
  public Matches in(String text, int from, int to) {
    Run run = new Run(text, from, to);
    return new Matches(
        from,
        (match, position) -> {
          for (int i = position; i < to; i += Character.charCount(text.codePointAt(i))) {
            int end = first.match(run, i);
            if (end >= 0) {
              return match.at(i, end);
            }
          }
          return false;
        });
  }

  /** A search through one text, which gives up rather than take forever. */
  final class Run {
    private final String text;
    private final int end;
    private long stepsLeft;

    Run(String text, int from, int end) {
      this.text = text;
      this.end = end;
      this.stepsLeft = STEPS_PER_CHAR * (end - from + 100L);
    }

    int codePointAt(int position) {
      char c = text.charAt(position);
      return Character.isSurrogate(c) ? text.codePointAt(position) : c;
    }

    int codePointBefore(int position) {
      return text.codePointBefore(position);
    }

    boolean has(CodePointSet set, int position) {
      return position < end && set.contains(codePointAt(position));
    }

    void step() {
      if (--stepsLeft < 0) {
        throw new IllegalArgumentException(
            "regular expression \"%s\" takes more than %d steps per character on a text of %d"
                .formatted(source, STEPS_PER_CHAR, text.length()));
      }
    }
  }
}
