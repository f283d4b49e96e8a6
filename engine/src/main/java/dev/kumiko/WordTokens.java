package dev.kumiko;

import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import java.util.Arrays;
import java.util.List;

/** Words, of which the first may be the prompt. */
record WordTokens(List<String> words, int replacements) implements InputTokens {
  @Override
  public int characters() {
    return (int) Math.min(Integer.MAX_VALUE, words.stream().mapToLong(String::length).sum());
  }

  @Override
  public Encoding encode(Tokenizer tokenizer, int maxTokens) {
    return tokenizer.encodeIds(contentIds(tokenizer), maxTokens);
  }

  @Override
  public int count(Tokenizer tokenizer) {
    return contentIds(tokenizer).length + tokenizer.specials();
  }

  @Override
  public int[] contentIds(Tokenizer tokenizer) {
    return words.stream().map(tokenizer::contentIds).flatMapToInt(Arrays::stream).toArray();
  }
}
