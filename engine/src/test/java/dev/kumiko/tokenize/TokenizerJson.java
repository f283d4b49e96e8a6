package dev.kumiko.tokenize;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.TokenModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Builds a tokenizer from a {@code tokenizer.json} of the BERT kind. */
public final class TokenizerJson {
  private TokenizerJson() {}

  public static Tokenizer fixture(String name) throws IOException {
    return read(open(name));
  }

  /** The same with another normaliser and other added tokens. */
  public static Tokenizer fixture(
      String name, NormalizerStep.Bert normalizer, List<AddedToken> added) throws IOException {
    return read(Json.read(open(name)), normalizer, added);
  }

  private static InputStream open(String name) {
    return TokenizerJson.class.getResourceAsStream("/fixtures/" + name + "/tokenizer.json");
  }

  private static Tokenizer read(InputStream in) throws IOException {
    Map<?, ?> json = Json.read(in);
    Map<?, ?> normalizer = Json.map(json, "normalizer");
    boolean lowercase = Json.flag(normalizer, "lowercase");
    Object stripAccents = normalizer.get("strip_accents");
    return read(
        json,
        new NormalizerStep.Bert(
            Json.flag(normalizer, "clean_text"),
            Json.flag(normalizer, "handle_chinese_chars"),
            stripAccents == null ? lowercase : (Boolean) stripAccents,
            lowercase),
        addedTokens(Json.list(json, "added_tokens")));
  }

  private static Tokenizer read(
      Map<?, ?> json, NormalizerStep.Bert normalizer, List<AddedToken> added) {
    Map<?, ?> model = Json.map(json, "model");
    Map<?, ?> vocabulary = Json.map(model, "vocab");
    Map<?, ?> specials = Json.map(Json.map(json, "post_processor"), "special_tokens");
    var description =
        Vocabularies.bert(
            normalizer,
            new TokenModel.WordPiece(
                (String) model.get("continuing_subword_prefix"),
                Json.integer(model, "max_input_chars_per_word"),
                ((Number) vocabulary.get(model.get("unk_token"))).intValue()),
            SpecialTokens.bert(specialId(specials, "[CLS]"), specialId(specials, "[SEP]")),
            added);
    return Vocabularies.tokenizer(description, vocabulary(vocabulary));
  }

  private static int specialId(Map<?, ?> specials, String token) {
    return Json.integers(Json.list(Json.map(specials, token), "ids"))[0];
  }

  public static List<AddedToken> addedTokens(List<?> list) {
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

  private static String[] vocabulary(Map<?, ?> ids) {
    String[] tokens = new String[ids.size()];
    ids.forEach((token, id) -> tokens[((Number) id).intValue()] = (String) token);
    return tokens;
  }
}
