package dev.kumiko.tokenize.split;

import dev.kumiko.format.SplitStep;
import dev.kumiko.format.SplitStep.Behavior;
import dev.kumiko.format.SplitStep.Prepend;
import dev.kumiko.tokenize.pattern.TextFinder;

/** Makes blanks visible, as SentencePiece does. */
final class Metaspace implements Splitter {
  private final String replacement;
  private final Prepend prepend;
  private final boolean split;
  private final Splitter splitter;

  Metaspace(SplitStep.Metaspace settings) {
    replacement = settings.replacement();
    prepend = settings.prepend();
    split = settings.split();
    splitter =
        new PatternSplitter(TextFinder.literal(replacement), Behavior.MERGED_WITH_NEXT, false);
  }

  @Override
  public Words split(Words words) {
    String text = words.text();
    StringBuilder visible = new StringBuilder(text.length() + words.count());
    Words.Builder result = new Words.Builder(words);
    for (int i = 0; i < words.count(); i++) {
      int start = visible.length();
      boolean prepended =
          prepend == Prepend.ALWAYS || (prepend == Prepend.FIRST && words.isAtStart(i));
      boolean there =
          text.charAt(words.start(i)) == ' ' || text.startsWith(replacement, words.start(i));
      if (prepended && !there) {
        visible.append(replacement);
        words.alignment().add(visible.length(), words.start(i));
      }
      for (int j = words.start(i); j < words.end(i); j++) {
        char c = text.charAt(j);
        if (c == ' ') {
          visible.append(replacement);
        } else {
          visible.append(c);
        }
        words.alignment().add(visible.length(), j);
      }
      result.add(start, visible.length(), i == 0);
    }
    words.alignment().finish();
    Words replaced = result.build(visible.toString());
    return split ? splitter.split(replaced) : replaced;
  }
}
