package dev.kumiko.chunk;

import dev.kumiko.Embedder;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Splits long texts into chunks of at most so many tokens, at the best places there are.
 *
 * <pre>{@code
 * TextSplitter splitter =
 *     TextSplitter.builder(embedder).maxTokens(256).overlapTokens(32).build();
 * for (Chunk chunk : splitter.split(text)) {
 *   index(chunk.text(), chunk.start(), chunk.end());
 * }
 * }</pre>
 *
 * <p><b>Tokens</b> are counted by a function that the splitter is made with: how many tokens a text
 * has as it is embedded, special tokens and the prompt included, however long it is. Only such
 * counts decide, and every chunk's own text is counted before it is returned, so that none is over
 * the limit, whatever the tokenizer does at the edges. What has no tokens, such as white space for
 * many tokenizers, or few, such as a very long word that is one unknown token, makes a chunk long
 * in characters.
 *
 * <p><b>Boundaries.</b> A chunk takes as many whole words as fit and is then shortened to end with
 * a paragraph (at blank lines), or else a line, or else a sentence, if at least a quarter of it is
 * left; so a heading alone is no chunk. It is shortened to an end as good, too, if less than a
 * quarter of it would be all that follows. White space belongs to the chunk before it, indentation
 * to its line. Sentences and words end where {@link java.text.BreakIterator} says for a locale, but
 * a word keeps its punctuation, and addresses stay whole. A word that does not fit is divided where
 * a line may be wrapped, as at a hyphen, or else between grapheme clusters (<a
 * href="https://unicode.org/reports/tr29/">UAX 29</a>, extended ones of Unicode 17: an emoji with
 * its parts, a letter with its accents, a line end of two characters). A cluster that does not fit,
 * such as a letter with a thousand accents, is divided between its code points, and a code point
 * never: that is an error. Where the text has no lone surrogates, the chunks have none.
 *
 * <p><b>Cover.</b> Without an overlap the texts of all chunks are, one after another, the text. The
 * empty text has no chunks; a blank text has chunks like any other, one if it fits. With an overlap
 * a chunk begins before the last one's end, but after its beginning, and ends after its end. What
 * is repeated are whole sentences up to that end, as many as have at most {@code overlapTokens}
 * tokens, special tokens and prompt not counted; or words, if the last sentence has more. Nothing
 * is repeated if the last word has more, or if a sentence or a word would have to be divided for it
 * that fits otherwise.
 *
 * <p><b>Work and memory</b> follow the length of the chunks, not of the text: all in all a text is
 * counted two to ten times, up to twenty times if its tokens are spread very unevenly or the
 * overlap is a large part of a chunk, and a {@link #stream} needs room for little more than one
 * chunk beside the text.
 *
 * <p>Immutable, and safe for concurrent use if the function is. What the function throws, such as
 * for text that is no valid Unicode, comes out of the splitting.
 */
public final class TextSplitter {
  /**
   * What a splitter knows.
   *
   * @param overhead tokens of the empty text: special ones and the prompt's
   */
  record Settings(
      ToIntFunction<String> tokens, int maxTokens, int overlapTokens, int overhead, Locale locale) {
    /** How many other tokens a chunk has room for. */
    int room() {
      return maxTokens - overhead;
    }
  }

  private final Settings settings;

  TextSplitter(Settings settings) {
    this.settings = settings;
  }

  /**
   * {@return a builder for a splitter into chunks that an embedder takes whole: of at most its
   * {@link Embedder#maxTokens()}, counted with the prompt it was built with} The splitter works as
   * long as the embedder is open.
   *
   * @param embedder has to stay open
   */
  public static TextSplitterBuilder builder(Embedder embedder) {
    return builder(embedder::countTokens).maxTokens(embedder.maxTokens());
  }

  /**
   * {@return a builder for a splitter}
   *
   * @param tokenCount how many tokens a text has as it is embedded, special tokens and the prompt
   *     included, without a limit; always the same for a text
   */
  public static TextSplitterBuilder builder(ToIntFunction<String> tokenCount) {
    return new TextSplitterBuilder(tokenCount);
  }

  /**
   * Splits a text.
   *
   * @param text any text
   * @return the chunks in the order of the text; unmodifiable
   * @throws IllegalArgumentException if one code point has more tokens than a chunk may have
   */
  public List<Chunk> split(String text) {
    return stream(text).toList();
  }

  /**
   * Splits a text bit by bit: each chunk is looked for when it is asked for.
   *
   * @param text any text
   * @return the chunks in the order of the text; asking for one throws {@link
   *     IllegalArgumentException} if one code point has more tokens than a chunk may have
   */
  public Stream<Chunk> stream(String text) {
    Objects.requireNonNull(text, "text is null");
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new Chunks(text, settings),
            Spliterator.ORDERED
                | Spliterator.DISTINCT
                | Spliterator.NONNULL
                | Spliterator.IMMUTABLE),
        false);
  }
}
