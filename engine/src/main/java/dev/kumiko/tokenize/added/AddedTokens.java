package dev.kumiko.tokenize.added;

import dev.kumiko.format.AddedToken;
import dev.kumiko.tokenize.WellFormedText;
import dev.kumiko.tokenize.model.Vocabulary;
import dev.kumiko.tokenize.normalize.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tokens that are recognised in the text itself. Immutable and safe for concurrent use. */
public final class AddedTokens {
  private final AddedTokenMatcher raw;
  private final AddedTokenMatcher normalized;
  private final Map<Integer, String> contents = new HashMap<>();

  /**
   * Added tokens.
   *
   * @throws IllegalArgumentException if two have the same id or text, if an id or text is another's
   *     in the vocabulary, or if nothing is left of a text when it is normalised
   */
  public AddedTokens(List<AddedToken> tokens, Vocabulary vocabulary, Normalizer normalizer) {
    Set<String> texts = new HashSet<>();
    for (AddedToken token : tokens) {
      requireOneId(token, vocabulary);
      String twin = contents.put(token.id(), token.content());
      if (twin != null || !texts.add(token.content())) {
        throw new IllegalArgumentException(
            "added token %d, \"%s\", has the id or the text of another one"
                .formatted(token.id(), token.content()));
      }
    }
    raw = matcher(tokens, false, (text, alignment) -> text);
    normalized = matcher(tokens, true, normalizer);
  }

  private static AddedTokenMatcher matcher(
      List<AddedToken> all, boolean normalized, Normalizer normalizer) {
    List<AddedToken> tokens = new ArrayList<>();
    List<String> patterns = new ArrayList<>();
    for (AddedToken token : all) {
      if (token.normalized() == normalized) {
        String pattern =
            normalizer.normalize(
                WellFormedText.require("added token " + token.id(), token.content()));
        if (pattern.isEmpty()) {
          throw new IllegalArgumentException(
              "added token %d, \"%s\", is empty or leaves nothing when normalised"
                  .formatted(token.id(), token.content()));
        }
        tokens.add(token);
        patterns.add(pattern);
      }
    }
    return new AddedTokenMatcher(tokens, patterns);
  }

  private static void requireOneId(AddedToken token, Vocabulary vocabulary) {
    int id = vocabulary.id(token.content());
    if (id >= 0 && id != token.id()) {
      throw new IllegalArgumentException(
          "added token \"%s\" has id %d, but id %d in the vocabulary"
              .formatted(token.content(), token.id(), id));
    }
    boolean taken = token.id() >= 0 && token.id() < vocabulary.size();
    if (id < 0 && taken && !vocabulary.token(token.id()).isEmpty()) {
      throw new IllegalArgumentException(
          "added token \"%s\" has id %d, which is \"%s\" in the vocabulary"
              .formatted(token.content(), token.id(), vocabulary.token(token.id())));
    }
  }

  /** Those that are looked for in the text as the user gave it. */
  public AddedTokenMatcher raw() {
    return raw;
  }

  /** Those that are looked for in the normalised text. */
  public AddedTokenMatcher normalized() {
    return normalized;
  }

  /** The text of the token with an id, or null if no added token has it. */
  public String content(int id) {
    return contents.get(id);
  }

  /** Takes what a text consists of, from left to right. */
  public interface Sink {
    /** Whether enough has been taken. */
    boolean finished();

    /** A part between tokens, not empty. */
    void text(String text, int from, int to);

    /** A token for {@code [from, to)}, the white space that it takes along included. */
    void token(int id, int from, int to);
  }
}
