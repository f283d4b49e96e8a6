package dev.kumiko.tokenize.split;

import dev.kumiko.format.SplitStep;
import dev.kumiko.format.SplitStep.Behavior;
import dev.kumiko.format.TextPattern;
import dev.kumiko.tokenize.pattern.TextFinder;
import dev.kumiko.tokenize.unicode.Utf8;

/** Spells words as bytes, each byte as a visible character, as GPT-2 does. */
final class ByteLevel implements Splitter {
  private static final TextPattern GPT2 =
      new TextPattern(
          true,
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

  private static final char[] CHARACTERS = characters();

  private final boolean addPrefixSpace;
  private final boolean useRegex;
  private final Splitter splitter =
      new PatternSplitter(TextFinder.of(GPT2), Behavior.ISOLATED, false);

  ByteLevel(SplitStep.ByteLevel settings) {
    addPrefixSpace = settings.addPrefixSpace();
    useRegex = settings.useRegex();
  }

  /** Visible bytes of Latin-1 stand for themselves, the others for U+0100 and what follows it. */
  private static char[] characters() {
    char[] characters = new char[0x100];
    char next = 0x100;
    for (int b = 0; b < characters.length; b++) {
      boolean visible = (b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD);
      characters[b] = visible ? (char) b : next++;
    }
    return characters;
  }

  @Override
  public Words split(Words words) {
    Words spaced = addPrefixSpace ? addSpaces(words) : words;
    return spell(useRegex ? splitter.split(spaced) : spaced);
  }

  private static Words addSpaces(Words words) {
    StringBuilder spaced = new StringBuilder(words.text().length() + words.count());
    Words.Builder result = new Words.Builder(words);
    for (int i = 0; i < words.count(); i++) {
      int start = spaced.length();
      if (words.text().charAt(words.start(i)) != ' ') {
        spaced.append(' ');
        words.alignment().add(spaced.length(), words.start(i));
      }
      spaced.append(words.text(), words.start(i), words.end(i));
      words.alignment().keep(words.start(i), words.end(i));
      result.add(start, spaced.length(), i == 0);
    }
    words.alignment().finish();
    return result.build(spaced.toString());
  }

  private static Words spell(Words words) {
    String text = words.text();
    StringBuilder spelt = new StringBuilder(text.length() + text.length() / 2);
    Words.Builder result = new Words.Builder(words);
    byte[] utf8 = new byte[Utf8.LONGEST];
    for (int i = 0; i < words.count(); i++) {
      int start = spelt.length();
      for (int j = words.start(i); j < words.end(i); ) {
        int codePoint = text.codePointAt(j);
        int length = Utf8.put(codePoint, utf8, 0);
        for (int k = 0; k < length; k++) {
          spelt.append(CHARACTERS[utf8[k] & 0xFF]);
        }
        words.alignment().add(spelt.length(), j);
        j += Character.charCount(codePoint);
      }
      result.add(start, spelt.length(), i == 0);
    }
    words.alignment().finish();
    return result.build(spelt.toString());
  }
}
