package dev.kumiko.chunk;

import java.util.Locale;
import java.util.Objects;
import java.util.function.ToIntFunction;

/** Settings of a {@link TextSplitter}. Not safe for concurrent use. */
public final class TextSplitterBuilder {
  private final ToIntFunction<String> tokenCount;
  private Integer maxTokens;
  private int overlapTokens;
  private Locale locale = Locale.ROOT;

  TextSplitterBuilder(ToIntFunction<String> tokenCount) {
    this.tokenCount = Objects.requireNonNull(tokenCount, "tokenCount");
  }

  /**
   * Sets the largest number of tokens of a chunk, special tokens and the prompt included.
   *
   * @param maxTokens 1 or more
   * @return this builder
   */
  public TextSplitterBuilder maxTokens(int maxTokens) {
    this.maxTokens = maxTokens;
    return this;
  }

  /**
   * Sets how many tokens at the end of a chunk the next one may repeat, special tokens and the
   * prompt not counted. The default is 0.
   *
   * @param overlapTokens 0 or more, fewer than a chunk has room for beside special tokens and the
   *     prompt, so that every chunk has room for something new
   * @return this builder
   */
  public TextSplitterBuilder overlapTokens(int overlapTokens) {
    this.overlapTokens = overlapTokens;
    return this;
  }

  /**
   * Sets whose rules for sentences and words are used. The default, {@link Locale#ROOT}, does for
   * all languages that put spaces between words and a mark after sentences, and for Chinese and
   * Japanese; Thai words are known to {@code Locale.of("th")}.
   *
   * @param locale a language
   * @return this builder
   */
  public TextSplitterBuilder locale(Locale locale) {
    this.locale = Objects.requireNonNull(locale, "locale");
    return this;
  }

  /**
   * Builds the splitter. Counts the tokens of the empty text.
   *
   * @return a splitter, safe for concurrent use if the token count is
   * @throws IllegalStateException if {@link #maxTokens} was not set
   * @throws IllegalArgumentException if {@code maxTokens} leaves no room beside special tokens and
   *     the prompt, or {@code overlapTokens} is negative or not less than that room
   */
  public TextSplitter build() {
    if (maxTokens == null) {
      throw new IllegalStateException(
          "maxTokens is not set; set it to as many as the model takes, or less");
    }
    int overhead = tokenCount.applyAsInt("");
    if (maxTokens <= overhead) {
      throw new IllegalArgumentException(
          "maxTokens is %d, but special tokens and the prompt are %d already; allow %d at least"
              .formatted(maxTokens, overhead, overhead + 1));
    }
    int room = maxTokens - overhead;
    if (overlapTokens < 0 || overlapTokens >= room) {
      throw new IllegalArgumentException(
          "overlapTokens is %d, but must be from 0 to %d: of maxTokens, %d, special tokens and the prompt take %d, and a chunk needs one for new text"
              .formatted(overlapTokens, room - 1, maxTokens, overhead));
    }
    return new TextSplitter(
        new TextSplitter.Settings(tokenCount, maxTokens, overlapTokens, overhead, locale));
  }
}
