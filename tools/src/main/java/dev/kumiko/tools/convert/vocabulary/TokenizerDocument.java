package dev.kumiko.tools.convert.vocabulary;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.tools.convert.JsonFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts together a {@code tokenizer.json}, with the ids that added tokens get. */
final class TokenizerDocument {
  private final Map<String, Object> sections = new LinkedHashMap<>();
  private final Optional<Json> stored;
  private final Map<String, Integer> ids;
  private final List<Object> tokens = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private int next;

  /**
   * Begins with the model.
   *
   * @param ids those of the vocabulary's tokens
   */
  TokenizerDocument(Map<String, Object> model, Map<String, Integer> ids) {
    this(Optional.empty(), ids);
    sections.put("model", model);
  }

  private TokenizerDocument(Optional<Json> stored, Map<String, Integer> ids) {
    this.stored = stored;
    this.ids = new LinkedHashMap<>(ids);
    this.next = ids.size();
  }

  /** Begins with a stored document, whose sections stay unless they are put anew. */
  static TokenizerDocument of(Json stored) throws ModelFormatException {
    Json vocabulary = stored.get("model").get("vocab");
    Map<String, Integer> ids = new LinkedHashMap<>();
    if (vocabulary.isArray()) {
      for (Json piece : vocabulary.items()) {
        ids.putIfAbsent(piece.items().getFirst().asString(), ids.size());
      }
    } else {
      for (Map.Entry<String, Json> token : vocabulary.members().entrySet()) {
        ids.put(token.getKey(), token.getValue().asInt());
      }
    }
    return new TokenizerDocument(Optional.of(stored), ids);
  }

  /**
   * Begins with the vocabulary of a stored document.
   *
   * @param type what its model has to be
   * @param changes what shall be different in its model
   */
  static TokenizerDocument of(Json stored, String type, Map<String, Object> changes)
      throws ModelFormatException {
    Optional<Json> found = JsonFile.present(stored.get("model"), "type");
    if (found.isPresent() && !found.get().asString().equals(type)) {
      throw found
          .get()
          .error(
              "is %s, but the tokenizer class that is stated beside it takes a %s"
                  .formatted(found.get(), type));
    }
    Map<String, Object> model = new LinkedHashMap<>(changes);
    model.put("type", type);
    Json changed = stored.get("model").with(TokenizerFolder.json(model));
    return of(stored.with(Map.of("model", changed)));
  }

  /** Keeps the added tokens of a stored document; what it says of their ids does not count. */
  TokenizerDocument keepTokens() throws ModelFormatException {
    List<AddedToken> kept = new ArrayList<>();
    Optional<Json> list = JsonFile.present(stored.orElseThrow(), "added_tokens");
    for (Json token : list.isPresent() ? list.get().items() : List.<Json>of()) {
      kept.add(AddedToken.read(token, AddedToken.flag(token, "special")));
    }
    return addTokens(kept);
  }

  TokenizerDocument withoutNormalizer() {
    sections.put("normalizer", null);
    return this;
  }

  TokenizerDocument normalizer(Map<String, Object> normalizer) {
    sections.put("normalizer", normalizer);
    return this;
  }

  TokenizerDocument preTokenizer(Map<String, Object> preTokenizer) {
    sections.put("pre_tokenizer", preTokenizer);
    return this;
  }

  /**
   * Adds all tokens. One that the vocabulary lacks gets the id behind the vocabulary and behind all
   * added ones.
   *
   * @param absentExtra the extra special ones if none are stated
   */
  TokenizerDocument addTokens(Settings settings, Optional<List<AddedToken>> absentExtra) {
    return addTokens(settings.stated().inOrder(settings.special().values(), absentExtra));
  }

  /** Adds tokens, but those that are there already. */
  TokenizerDocument addTokens(Iterable<AddedToken> added) {
    for (AddedToken token : added) {
      if (token.content().isEmpty() || !known.add(token.content())) {
        continue;
      }
      int id = ids.getOrDefault(token.content(), next);
      ids.put(token.content(), id);
      next = Math.max(next, id + 1);
      tokens.add(token.json(id));
    }
    sections.put("added_tokens", tokens);
    return this;
  }

  /** Puts one token before and one behind; pairs as {@code RobertaProcessing} has them. */
  TokenizerDocument enclose(String type, String first, String last) {
    return enclose(type, first, last, false, false);
  }

  /** The same, and says whether offsets are trimmed, and whether a blank is put before a text. */
  TokenizerDocument enclose(
      String type, String first, String last, boolean trimOffsets, boolean addPrefixSpace) {
    sections.put(
        "post_processor",
        Map.of(
            "type", type,
            "cls", List.of(first, ids.get(first)),
            "sep", List.of(last, ids.get(last)),
            "trim_offsets", trimOffsets,
            "add_prefix_space", addPrefixSpace));
    return this;
  }

  /**
   * Returns the document.
   *
   * @param source what messages call it
   */
  Json json(String source) throws ModelFormatException {
    return stored.isPresent()
        ? stored.get().with(TokenizerFolder.json(sections))
        : Json.parse(source, Json.text(sections));
  }
}
