package dev.kumiko.tokenize;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.TokenizerDescription;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Builds a tokenizer from a {@code tokenizer.json} of the BERT kind. */
final class TokenizerJson {
  private TokenizerJson() {}

  static BertTokenizer fixture(String name) throws IOException {
    return read(open(name));
  }

  /** The vocabulary of a fixture alone. */
  static Vocabulary vocabulary(String name) throws IOException {
    return vocabulary(Json.map(Json.map(Json.read(open(name)), "model"), "vocab"));
  }

  private static InputStream open(String name) {
    return TokenizerJson.class.getResourceAsStream("/fixtures/" + name + "/tokenizer.json");
  }

  static BertTokenizer read(InputStream in) throws IOException {
    Map<?, ?> json = Json.read(in);
    Map<?, ?> normalizer = Json.map(json, "normalizer");
    Map<?, ?> model = Json.map(json, "model");
    Map<?, ?> vocabulary = Json.map(model, "vocab");
    Map<?, ?> specials = Json.map(Json.map(json, "post_processor"), "special_tokens");
    boolean lowercase = Json.flag(normalizer, "lowercase");
    Object stripAccents = normalizer.get("strip_accents");
    var description =
        new TokenizerDescription(
            Json.flag(normalizer, "clean_text"),
            Json.flag(normalizer, "handle_chinese_chars"),
            stripAccents == null ? lowercase : (Boolean) stripAccents,
            lowercase,
            (String) model.get("continuing_subword_prefix"),
            Json.integer(model, "max_input_chars_per_word"),
            ((Number) vocabulary.get(model.get("unk_token"))).intValue(),
            specialId(specials, "[CLS]"),
            specialId(specials, "[SEP]"),
            addedTokens(Json.list(json, "added_tokens")));
    return new BertTokenizer(description, vocabulary(vocabulary));
  }

  private static int specialId(Map<?, ?> specials, String token) {
    return Json.integers(Json.list(Json.map(specials, token), "ids"))[0];
  }

  static List<AddedToken> addedTokens(List<?> list) {
    List<AddedToken> tokens = new ArrayList<>();
    for (Object element : list) {
      Map<?, ?> token = (Map<?, ?>) element;
      tokens.add(
          new AddedToken(
              Json.integer(token, "id"),
              (String) token.get("content"),
              Json.flag(token, "single_word"),
              Json.flag(token, "lstrip"),
              Json.flag(token, "rstrip"),
              Json.flag(token, "normalized"),
              Json.flag(token, "special")));
    }
    return tokens;
  }

  private static Vocabulary vocabulary(Map<?, ?> ids) {
    String[] tokens = new String[ids.size()];
    ids.forEach((token, id) -> tokens[((Number) id).intValue()] = (String) token);
    return Vocabularies.of(tokens);
  }
}
