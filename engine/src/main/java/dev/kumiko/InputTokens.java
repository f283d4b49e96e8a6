package dev.kumiko;

import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.WellFormedText.Repaired;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The tokens of one input: of a text, of words, or ids that are given. */
sealed interface InputTokens {
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

  /** A text with its prompt. */
  record OfText(String text, int replacements) implements InputTokens {
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

  /** Words, of which the first may be the prompt. */
  record OfWords(List<String> words, int replacements) implements InputTokens {
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

  /** Ids that are given: none are cut off, and they have no specials of ours. */
  final class OfIds implements InputTokens {
    private final int[] ids;

    OfIds(int[] ids) {
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

  /** Makes tokens of one call's inputs. */
  final class Maker {
    private final String prompt;
    private final Malformed malformed;
    private final int vocabularySize;
    private final int maxTokens;

    Maker(String prompt, Malformed malformed, int vocabularySize, int maxTokens) {
      this.prompt = prompt;
      this.malformed = malformed;
      this.vocabularySize = vocabularySize;
      this.maxTokens = maxTokens;
    }

    List<InputTokens> of(List<? extends Input> inputs) {
      List<InputTokens> made = new ArrayList<>(inputs.size());
      for (Input input : inputs) {
        String name = inputs.size() == 1 ? "text" : "texts[" + made.size() + "]";
        made.add(of(name, Objects.requireNonNull(input, name + " is null")));
      }
      return made;
    }

    private InputTokens of(String name, Input input) {
      return switch (input) {
        case Input.Text text -> {
          Repaired repaired = malformed.repair(name, text.text());
          yield new OfText(prompt.concat(repaired.text()), repaired.replacements());
        }
        case Input.Words words -> ofWords(name, words.words());
        case Input.TokenIds ids -> ofIds(name, ids.ids());
      };
    }

    private InputTokens ofWords(String name, List<String> words) {
      List<String> all = new ArrayList<>();
      if (!prompt.isEmpty()) {
        all.add(prompt);
      }
      int replacements = 0;
      for (String word : words) {
        Repaired repaired = malformed.repair(name, word);
        all.add(repaired.text());
        replacements += repaired.replacements();
      }
      return new OfWords(all, replacements);
    }

    private InputTokens ofIds(String name, int[] ids) {
      if (ids.length > maxTokens) {
        throw TextTooLongException.ofIds(name, ids.length, maxTokens);
      }
      for (int i = 0; i < ids.length; i++) {
        if (ids[i] < 0 || ids[i] >= vocabularySize) {
          throw new IllegalArgumentException(
              "%s: token %d has id %d, but the model's ids are from 0 to %d"
                  .formatted(name, i, ids[i], vocabularySize - 1));
        }
      }
      return new OfIds(ids);
    }
  }
}
