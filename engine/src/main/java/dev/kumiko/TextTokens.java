package dev.kumiko;

import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;

/** A text with its prompt. */
record TextTokens(String text, int replacements) implements InputTokens {
  @Override
  public int characters() {
    return text.length();
  }

  @Override
  public Encoding encode(Tokenizer tokenizer, int maxTokens) {
    return tokenizer.encode(text, maxTokens);
  }

  @Override
  public int count(Tokenizer tokenizer) {
    return tokenizer.count(text);
  }

  @Override
  public int[] contentIds(Tokenizer tokenizer) {
    return tokenizer.contentIds(text);
  }
}
