package dev.kumiko.tokenize.pattern;

import dev.kumiko.tokenize.unicode.CodePointSet;
import java.util.List;

/**
 * A part of a regular expression that knows what follows it. Recursion goes no deeper than the
 * expression is long.
 */
interface RegexNode {
  /** Where the rest of the expression ends if it matches at a position, or -1. */
  int match(Regex.Run run, int position);

  /** Whether the rest of the expression can match the empty text; known from the beginning. */
  boolean matchesNothing();

  /** The end of the expression. */
  record End() implements RegexNode {
    @Override
    public int match(Regex.Run run, int position) {
      return position;
    }

    @Override
    public boolean matchesNothing() {
      return true;
    }
  }

  /**
   * Characters of a set, as many as possible.
   *
   * @param possessive whether none of them is given back
   */
  record Repeat(
      CodePointSet set,
      int least,
      int most,
      boolean possessive,
      RegexNode next,
      boolean matchesNothing)
      implements RegexNode {
    Repeat(CodePointSet set, int least, int most, boolean possessive, RegexNode next) {
      this(set, least, most, possessive, next, least == 0 && next.matchesNothing());
    }

    @Override
    public int match(Regex.Run run, int position) {
      int end = position;
      int count = 0;
      while (count < most && run.has(set, end)) {
        run.step();
        end += Character.charCount(run.codePointAt(end));
        count++;
      }
      while (count >= least) {
        run.step();
        int match = next.match(run, end);
        if (match >= 0 || possessive || count == least) {
          return match;
        }
        end -= Character.charCount(run.codePointBefore(end));
        count--;
      }
      return -1;
    }
  }

  /** The first of several ways on that matches. */
  record Choice(List<RegexNode> ways, boolean matchesNothing) implements RegexNode {
    Choice(List<RegexNode> ways) {
      this(ways, ways.stream().anyMatch(RegexNode::matchesNothing));
    }

    @Override
    public int match(Regex.Run run, int position) {
      for (RegexNode way : ways) {
        int match = way.match(run, position);
        if (match >= 0) {
          return match;
        }
      }
      return -1;
    }
  }

  /** Whether the next character is, or is not, of a set. At the end there is none. */
  record LookAhead(CodePointSet set, boolean wanted, RegexNode next, boolean matchesNothing)
      implements RegexNode {
    LookAhead(CodePointSet set, boolean wanted, RegexNode next) {
      this(set, wanted, next, next.matchesNothing());
    }

    @Override
    public int match(Regex.Run run, int position) {
      return run.has(set, position) == wanted ? next.match(run, position) : -1;
    }
  }
}
