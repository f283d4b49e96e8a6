package dev.kumiko.tools.convert.tokenizer;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ids of tokens: those of the model's vocabulary, and those of the added tokens beside it. */
final class TokenIds {
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Integer, String> contents = new HashMap<>();
  private final List<String> tokens;

  private TokenIds(List<String> tokens) {
    this.tokens = tokens;
  }

  /** A vocabulary that lists its tokens in the order of their ids. */
  static TokenIds ofList(List<String> tokens, Json vocabulary) throws ModelFormatException {
    TokenIds result = new TokenIds(tokens);
    for (int id = 0; id < tokens.size(); id++) {
      result.put(tokens.get(id), id, vocabulary);
    }
    return result;
  }

  /** A vocabulary that maps tokens to ids. Some ids may be left out, for added tokens. */
  static TokenIds ofObject(Json vocabulary) throws ModelFormatException {
    Map<String, Json> members = vocabulary.members();
    long most = 0;
    for (Json id : members.values()) {
      most = Math.max(most, id.asInt() + 1L);
    }
    // Of a file that leaves out more ids than it has, the largest is a mistake.
    if (most > 2L * members.size() + 1000) {
      throw vocabulary.error("has %d tokens, but ids up to %d".formatted(members.size(), most - 1));
    }
    TokenIds result = new TokenIds(new ArrayList<>());
    for (int i = 0; i < most; i++) {
      result.tokens.add("");
    }
    for (Map.Entry<String, Json> token : members.entrySet()) {
      int id = token.getValue().asInt();
      if (id < 0) {
        throw vocabulary.error("gives %s the id %d".formatted(token.getKey(), id));
      }
      result.put(token.getKey(), id, vocabulary);
      result.tokens.set(id, token.getKey());
    }
    return result;
  }

  /** Adds a token that {@code place} tells of, unless the vocabulary has it with this id. */
  void add(String token, int id, Json place) throws ModelFormatException {
    Integer before = ids.get(token);
    if (before == null) {
      put(token, id, place);
    } else if (before != id) {
      throw place.error(
          "gives %s the id %d, in the vocabulary it has %d".formatted(token, id, before));
    }
  }

  private void put(String token, int id, Json place) throws ModelFormatException {
    Integer twinId = ids.put(token, id);
    if (twinId != null) {
      throw place.error("has %s twice: ids %d and %d".formatted(token, twinId, id));
    }
    String twin = contents.put(id, token);
    if (twin != null) {
      throw place.error("gives %s the id %d, which %s has".formatted(token, id, twin));
    }
  }

  /** The tokens of the model by id; empty where an id is left out. */
  List<String> tokens() {
    return tokens;
  }

  /** The id of a token that {@code place} names. */
  int id(Json place) throws ModelFormatException {
    return id(place.asString(), place);
  }

  int id(String token, Json place) throws ModelFormatException {
    Integer id = ids.get(token);
    if (id == null) {
      throw place.error("is " + token + ", which is not in the vocabulary");
    }
    return id;
  }

  /** A special whose token and id are both stated. */
  int special(String token, Json id) throws ModelFormatException {
    Integer inVocabulary = ids.get(token);
    if (inVocabulary == null || inVocabulary != id.asInt()) {
      throw id.error(
          "is %d for %s, whose id in the vocabulary is %s"
              .formatted(id.asInt(), token, inVocabulary));
    }
    return inVocabulary;
  }
}
