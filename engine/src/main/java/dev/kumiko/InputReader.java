package dev.kumiko;

import dev.kumiko.tokenize.WellFormedText.Repaired;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Makes tokens of one call's inputs. */
final class InputReader {
  private final String prompt;
  private final Malformed malformed;
  private final int vocabularySize;
  private final int maxTokens;

  InputReader(String prompt, Malformed malformed, int vocabularySize, int maxTokens) {
    this.prompt = prompt;
    this.malformed = malformed;
    this.vocabularySize = vocabularySize;
    this.maxTokens = maxTokens;
  }

  List<InputTokens> read(List<? extends Input> inputs) {
    List<InputTokens> made = new ArrayList<>(inputs.size());
    for (Input input : inputs) {
      String name = inputs.size() == 1 ? "text" : "texts[" + made.size() + "]";
      made.add(read(name, Objects.requireNonNull(input, name + " is null")));
    }
    return made;
  }

  private InputTokens read(String name, Input input) {
    return switch (input) {
      case Input.Text text -> {
        Repaired repaired = malformed.repair(name, text.text());
        yield new TextTokens(prompt.concat(repaired.text()), repaired.replacements());
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
    return new WordTokens(all, replacements);
  }

  private InputTokens ofIds(String name, int[] ids) {
    if (ids.length == 0) {
      throw new IllegalArgumentException(
          name + " has no token ids; an empty text has the special tokens that the model expects");
    }
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
    return new GivenTokens(ids);
  }
}
