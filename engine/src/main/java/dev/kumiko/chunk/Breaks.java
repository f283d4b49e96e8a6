package dev.kumiko.chunk;

import dev.kumiko.tokenize.unicode.CodePointRanges;
import java.text.BreakIterator;
import java.util.Locale;

/** The iterators of a locale. Not safe for concurrent use: each is one that was used before. */
final class Breaks {
  /** Sentence_Terminal in Unicode, but unknown to the JDK's rules. */
  private static final CodePointRanges TERMINATORS =
      new CodePointRanges(
          """
          589 61D-61F 6D4 700-702 7F9 104A-104B 1362 1367-1368 166E 17D4-17D5 1803 1809 1944-1945
          1C7E-1C7F 203C-203D 2047-2049 2E2E A4FF FE56-FE57 FF61
          """);

  private static final char FIRST_TERMINATOR = 0x589;

  private static final char KNOWN_TERMINATOR = '?';

  private final BreakIterator sentences;
  private final BreakIterator words;
  private final BreakIterator lines;

  Breaks(Locale locale) {
    this.sentences = BreakIterator.getSentenceInstance(locale);
    this.words = BreakIterator.getWordInstance(locale);
    this.lines = BreakIterator.getLineInstance(locale);
  }

  /** Where sentences end, white space behind them included. */
  BreakIterator sentences(String text) {
    sentences.setText(withKnownTerminators(text));
    return sentences;
  }

  private static String withKnownTerminators(String text) {
    StringBuilder known = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= FIRST_TERMINATOR && TERMINATORS.contains(c)) {
        known.setCharAt(i, KNOWN_TERMINATOR);
      }
    }
    return known.toString();
  }

  /** Where words, punctuation and white space end. */
  BreakIterator words(String text) {
    words.setText(text);
    return words;
  }

  /** Where lines may be wrapped. */
  BreakIterator lines(String text) {
    lines.setText(text);
    return lines;
  }
}
