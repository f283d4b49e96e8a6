package dev.kumiko;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What becomes one vector: a text, or one that is cut into words or tokens already. */
public sealed interface Input {
  /**
   * A text.
   *
   * @param text any text; half of a surrogate pair is treated as {@link Malformed} says
   */
  record Text(String text) implements Input {
    /** Throws {@link NullPointerException} if the text is null. */
    public Text {
      Objects.requireNonNull(text, "text is null");
    }
  }

  /**
   * A text that is cut into words already, by a tokenizer of one's own. Each word is tokenised as
   * if it were a text, and special tokens stand around all of them, as with {@code
   * is_split_into_words} of Hugging Face's tokenizers. Tokenizers that mark words by the blank
   * before them, such as RoBERTa's, need words with their blanks.
   *
   * @param words any number of words; copied
   */
  record Words(List<String> words) implements Input {
    /** Throws {@link NullPointerException} if the list or a word is null. */
    public Words {
      int index = 0;
      for (String word : Objects.requireNonNull(words, "words is null")) {
        Objects.requireNonNull(word, "words[" + index++ + "] is null");
      }
      words = List.copyOf(words);
    }
  }

  /**
   * Ids of the model's own vocabulary, computed as they are: nothing is put before them, around
   * them or cut off. {@link Tokens#ids()} has them with the special tokens that a model expects.
   */
  final class TokenIds implements Input {
    private final int[] ids;

    /**
     * Copies the ids.
     *
     * @param ids {@code [tokens]}, special tokens included; they are checked when they are embedded
     */
    public TokenIds(int... ids) {
      this.ids = Objects.requireNonNull(ids, "ids is null").clone();
    }

    /** {@return the ids, {@code [tokens]}, a new array} */
    public int[] ids() {
      return ids.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof TokenIds that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
      return "TokenIds[" + ids.length + "]";
    }
  }

  /**
   * Returns a text as an input.
   *
   * @param text any text
   * @return the input
   */
  static Input of(String text) {
    return new Text(text);
  }
}
