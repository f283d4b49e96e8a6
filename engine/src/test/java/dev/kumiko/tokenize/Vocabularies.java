package dev.kumiko.tokenize;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.TokenizerDescription;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Vocabularies and tokenizers made of a few words. */
final class Vocabularies {
  private Vocabularies() {}

  static Vocabulary of(String... tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] offsets = new int[tokens.length + 1];
    for (int id = 0; id < tokens.length; id++) {
      bytes.writeBytes(tokens[id].getBytes(StandardCharsets.UTF_8));
      offsets[id + 1] = bytes.size();
    }
    return new Vocabulary(bytes.toByteArray(), offsets);
  }

  /** An uncased description whose first three ids are the unknown, [CLS] and [SEP]. */
  static TokenizerDescription description(int maxInputCharsPerWord, AddedToken... added) {
    return new TokenizerDescription(
        true, true, true, true, "##", maxInputCharsPerWord, 0, 1, 2, List.of(added));
  }
}
