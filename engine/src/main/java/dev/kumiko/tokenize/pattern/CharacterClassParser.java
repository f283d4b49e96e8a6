package dev.kumiko.tokenize.pattern;

import dev.kumiko.tokenize.unicode.CharacterClasses;
import dev.kumiko.tokenize.unicode.CodePointSet;
import java.util.Map;
import java.util.function.IntPredicate;

/** Reads what stands for one character of a regular expression. */
final class CharacterClassParser {
  private static final String SPECIAL = "\\|.*+?()[]{}^$";

  /** General categories as bits, numbered as by {@link Character#getType(int)}. */
  private static final Map<String, Integer> CATEGORIES =
      Map.ofEntries(
          Map.entry("Cn", 1 << Character.UNASSIGNED),
          Map.entry("Lu", 1 << Character.UPPERCASE_LETTER),
          Map.entry("Ll", 1 << Character.LOWERCASE_LETTER),
          Map.entry("Lt", 1 << Character.TITLECASE_LETTER),
          Map.entry("Lm", 1 << Character.MODIFIER_LETTER),
          Map.entry("Lo", 1 << Character.OTHER_LETTER),
          Map.entry("Mn", 1 << Character.NON_SPACING_MARK),
          Map.entry("Me", 1 << Character.ENCLOSING_MARK),
          Map.entry("Mc", 1 << Character.COMBINING_SPACING_MARK),
          Map.entry("Nd", 1 << Character.DECIMAL_DIGIT_NUMBER),
          Map.entry("Nl", 1 << Character.LETTER_NUMBER),
          Map.entry("No", 1 << Character.OTHER_NUMBER),
          Map.entry("Zs", 1 << Character.SPACE_SEPARATOR),
          Map.entry("Zl", 1 << Character.LINE_SEPARATOR),
          Map.entry("Zp", 1 << Character.PARAGRAPH_SEPARATOR),
          Map.entry("Cc", 1 << Character.CONTROL),
          Map.entry("Cf", 1 << Character.FORMAT),
          Map.entry("Co", 1 << Character.PRIVATE_USE),
          Map.entry("Pd", 1 << Character.DASH_PUNCTUATION),
          Map.entry("Ps", 1 << Character.START_PUNCTUATION),
          Map.entry("Pe", 1 << Character.END_PUNCTUATION),
          Map.entry("Pc", 1 << Character.CONNECTOR_PUNCTUATION),
          Map.entry("Po", 1 << Character.OTHER_PUNCTUATION),
          Map.entry("Pi", 1 << Character.INITIAL_QUOTE_PUNCTUATION),
          Map.entry("Pf", 1 << Character.FINAL_QUOTE_PUNCTUATION),
          Map.entry("Sm", 1 << Character.MATH_SYMBOL),
          Map.entry("Sc", 1 << Character.CURRENCY_SYMBOL),
          Map.entry("Sk", 1 << Character.MODIFIER_SYMBOL),
          Map.entry("So", 1 << Character.OTHER_SYMBOL));

  private final RegexParser in;

  CharacterClassParser(RegexParser in) {
    this.in = in;
  }

  /** A character, an escape, a class, or a dot. */
  CodePointSet atom() {
    if (in.skip("[")) {
      return CodePointSet.of(bracket());
    }
    if (in.skip("\\")) {
      return CodePointSet.of(escape(CharacterClassParser::isWord));
    }
    if (in.skip(".")) {
      return CodePointSet.of(c -> c != '\n');
    }
    int literal = in.next();
    if (SPECIAL.indexOf(literal) >= 0) {
      throw in.unsupported(Character.toString(literal) + " here");
    }
    return CodePointSet.of(c -> c == literal);
  }

  private IntPredicate bracket() {
    boolean negated = in.skip("^");
    if (in.peek(']')) {
      throw in.unsupported("a class that is empty or begins with ]");
    }
    IntPredicate members = c -> false;
    while (!in.skip("]")) {
      members = members.or(member());
    }
    return negated ? members.negate() : members;
  }

  private IntPredicate member() {
    if (in.peek('[') || in.skip("&&")) {
      throw in.unsupported("a class in a class");
    }
    if (in.skip("\\")) {
      int single = singleEscape();
      return single < 0 ? escape(CharacterClassParser::isWordInClass) : range(single);
    }
    return range(in.next());
  }

  /** A character, or the first of a range. */
  private IntPredicate range(int first) {
    if (!in.peek('-')) {
      return c -> c == first;
    }
    in.expect('-');
    if (in.peek(']')) {
      return c -> c == first || c == '-';
    }
    if (in.peek('[')) {
      throw in.unsupported("a class in a class");
    }
    int last = in.skip("\\") ? singleEscape() : in.next();
    if (last < first) {
      throw in.unsupported("a range that does not ascend");
    }
    return c -> c >= first && c <= last;
  }

  /** The character that an escape stands for, or -1 if it stands for a class. */
  private int singleEscape() {
    if (in.peek('s')
        || in.peek('S')
        || in.peek('d')
        || in.peek('D')
        || in.peek('w')
        || in.peek('W')
        || in.peek('p')
        || in.peek('P')) {
      return -1;
    }
    int escaped = in.next();
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'f' -> '\f';
      case 'u' -> hexadecimal(4);
      case 'x' -> hexadecimal(2);
      default -> {
        if (escaped >= 0x80 || Character.isLetterOrDigit(escaped)) {
          throw in.unsupported("the escape \\" + Character.toString(escaped));
        }
        yield escaped;
      }
    };
  }

  private int hexadecimal(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(in.next(), 16);
      if (digit < 0) {
        throw in.unsupported("an escape that is not " + digits + " hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    if ((digits == 2 && value >= 0x80) || Character.isSurrogate((char) value)) {
      throw in.unsupported("the escape of %X, half a character".formatted(value));
    }
    return value;
  }

  private IntPredicate escape(IntPredicate word) {
    int single = singleEscape();
    if (single >= 0) {
      return c -> c == single;
    }
    int kind = in.next();
    IntPredicate members =
        switch (Character.toLowerCase(kind)) {
          case 's' -> CharacterClasses::isWhiteSpace;
          case 'd' -> c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
          case 'w' -> word;
          default -> property();
        };
    return Character.isUpperCase(kind) ? members.negate() : members;
  }

  /** {@code \w} of Oniguruma: beyond that in a class, superscripts and fractions of Latin-1. */
  private static boolean isWord(int c) {
    return switch (c) {
      case 0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE -> true;
      default -> isWordInClass(c);
    };
  }

  /** {@code [\w]} of Oniguruma: that of UTS 18 without the joiners. */
  private static boolean isWordInClass(int c) {
    return c != 0x200C && c != 0x200D && CharacterClasses.isWord(c);
  }

  private IntPredicate property() {
    in.expect('{');
    boolean negated = in.skip("^");
    StringBuilder name = new StringBuilder();
    while (!in.peek('}')) {
      name.appendCodePoint(in.next());
    }
    in.expect('}');
    IntPredicate members = property(name.toString());
    return negated ? members.negate() : members;
  }

  private IntPredicate property(String name) {
    if (name.equals("Han")) {
      return c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN;
    }
    int mask = 0;
    for (Map.Entry<String, Integer> category : CATEGORIES.entrySet()) {
      if (!name.isEmpty() && category.getKey().startsWith(name)) {
        mask |= category.getValue();
      }
    }
    if (mask == 0) {
      throw in.unsupported("the property " + name);
    }
    int categories = mask;
    return c -> (categories >>> Character.getType(c) & 1) != 0;
  }
}
