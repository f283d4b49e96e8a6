package dev.kumiko.tools.convert.vocabulary;

import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together a {@code tokenizer.json}, with the ids that added tokens get. */
final class TokenizerDocument {
  private final Map<String, Object> sections = new LinkedHashMap<>();
  private final Map<String, Integer> ids;
  private final int vocabularySize;

  /**
   * Begins with the model.
   *
   * @param ids those of the vocabulary's tokens
   */
  TokenizerDocument(Map<String, Object> model, Map<String, Integer> ids) {
    this.ids = new LinkedHashMap<>(ids);
    this.vocabularySize = ids.size();
    sections.put("model", model);
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
    List<Object> items = new ArrayList<>();
    int next = vocabularySize;
    for (AddedToken token : settings.stated().inOrder(settings.special().values(), absentExtra)) {
      if (token.content().isEmpty()) {
        continue;
      }
      int id = ids.getOrDefault(token.content(), next);
      ids.put(token.content(), id);
      next = Math.max(next, id + 1);
      items.add(token.json(id));
    }
    sections.put("added_tokens", items);
    return this;
  }

  /** Puts one token before and one behind; pairs as {@code RobertaProcessing} has them. */
  TokenizerDocument enclose(String type, String first, String last) {
    sections.put(
        "post_processor",
        Map.of(
            "type", type,
            "cls", List.of(first, ids.get(first)),
            "sep", List.of(last, ids.get(last))));
    return this;
  }

  /**
   * Returns the document.
   *
   * @param source what messages call it
   */
  Json json(String source) throws ModelFormatException {
    return Json.parse(source, Json.text(sections));
  }
}
