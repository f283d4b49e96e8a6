package dev.kumiko;

import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The tokens of one input: of a text, of words, or ids that are given. */
sealed interface InputTokens permits TextTokens, WordTokens, GivenTokens {
  /** Returns about how many characters the input has. */
  int characters();

  /** Returns how many halves of surrogate pairs were replaced. */
  int replacements();

  /** Returns the ids with specials, cut to {@code maxTokens}. */
  Encoding encode(Tokenizer tokenizer, int maxTokens);

  /** Returns the number of all tokens, specials included. */
  int count(Tokenizer tokenizer);

  /** Returns all ids without specials. */
  int[] contentIds(Tokenizer tokenizer);

  /** Returns texts as inputs. */
  static List<Input> inputs(List<String> texts) {
    Objects.requireNonNull(texts, "texts is null");
    List<Input> inputs = new ArrayList<>(texts.size());
    for (String text : texts) {
      inputs.add(
          new Input.Text(Objects.requireNonNull(text, "texts[" + inputs.size() + "] is null")));
    }
    return inputs;
  }
}
