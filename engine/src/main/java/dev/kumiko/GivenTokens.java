package dev.kumiko;

import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;

/** Ids that are given: none are cut off, and they have no specials of ours. */
final class GivenTokens implements InputTokens {
  private final int[] ids;

  GivenTokens(int[] ids) {
    this.ids = ids;
  }

  @Override
  public int characters() {
    return ids.length * 5;
  }

  @Override
  public int replacements() {
    return 0;
  }

  @Override
  public Encoding encode(Tokenizer tokenizer, int maxTokens) {
    return Encoding.of(ids);
  }

  @Override
  public int count(Tokenizer tokenizer) {
    return ids.length;
  }

  @Override
  public int[] contentIds(Tokenizer tokenizer) {
    return ids;
  }
}
