package dev.kumiko.format;

import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.format.TokenModel.LengthUnit;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads a tokenizer's description. A member that it does not know may change the ids, so it is
 * refused.
 */
final class TokenizerReader {
  private TokenizerReader() {}

  static TokenizerDescription read(Json json) throws ModelFormatException {
    Members tokenizer = new Members(json);
    List<NormalizerStep> normalizers = new ArrayList<>();
    for (Json step : tokenizer.get("normalizers").items()) {
      normalizers.add(normalizer(new Members(step)));
    }
    List<SplitStep> splits = new ArrayList<>();
    for (Json step : tokenizer.get("splits").items()) {
      splits.add(split(new Members(step)));
    }
    TokenModel model = model(new Members(tokenizer.get("model")));
    SpecialTokens specialTokens =
        new SpecialTokens(pieces(tokenizer.get("single")), pieces(tokenizer.get("pair")));
    List<AddedToken> addedTokens = new ArrayList<>();
    for (Json token : tokenizer.get("added_tokens").items()) {
      addedTokens.add(addedToken(new Members(token)));
    }
    boolean truncatesLeft = tokenizer.has("truncates_left") && tokenizer.flag("truncates_left");
    OffsetTrimming trimming =
        tokenizer.has("trim_offsets")
            ? tokenizer.choice("trim_offsets", OffsetTrimming.values())
            : OffsetTrimming.NONE;
    tokenizer.requireNoOthers();
    return new TokenizerDescription(
        normalizers, splits, model, specialTokens, addedTokens, truncatesLeft, trimming);
  }

  private static NormalizerStep normalizer(Members json) throws ModelFormatException {
    String type = json.text("type");
    NormalizerStep step =
        switch (type) {
          case "bert" ->
              new NormalizerStep.Bert(
                  json.flag("clean_text"),
                  json.flag("handle_chinese_chars"),
                  json.flag("strip_accents"),
                  json.flag("lowercase"));
          case "nfc", "nfd", "nfkc", "nfkd" -> json.choice("type", NormalizerStep.Form.values());
          case "lowercase", "strip_accents", "drop_controls", "precompiled" ->
              json.choice("type", NormalizerStep.Simple.values());
          case "strip" -> new NormalizerStep.Strip(json.flag("left"), json.flag("right"));
          case "replace" -> new NormalizerStep.Replace(pattern(json), json.text("content"));
          case "prepend" -> new NormalizerStep.Prepend(json.text("text"));
          default -> throw json.get("type").error("is no normalizer of this Kumiko: " + type);
        };
    json.requireNoOthers();
    return step;
  }

  private static SplitStep split(Members json) throws ModelFormatException {
    String type = json.text("type");
    SplitStep step =
        switch (type) {
          case "bert", "whitespace", "whitespace_split", "script", "characters" ->
              json.choice("type", SplitStep.Simple.values());
          case "punctuation" -> new SplitStep.Punctuation(behavior(json));
          case "digits" -> new SplitStep.Digits(json.flag("individual"));
          case "metaspace" ->
              new SplitStep.Metaspace(
                  json.text("replacement"),
                  json.choice("prepend", SplitStep.Prepend.values()),
                  json.flag("split"));
          case "byte_level" ->
              new SplitStep.ByteLevel(json.flag("add_prefix_space"), json.flag("use_regex"));
          case "split" -> new SplitStep.Split(pattern(json), behavior(json), json.flag("invert"));
          default -> throw json.get("type").error("is no way to split of this Kumiko: " + type);
        };
    json.requireNoOthers();
    return step;
  }

  private static TokenModel model(Members json) throws ModelFormatException {
    String type = json.text("type");
    TokenModel model =
        switch (type) {
          case "wordpiece" -> wordPiece(json);
          case "unigram" ->
              new TokenModel.Unigram(json.get("unknown_id").asInt(), json.flag("byte_fallback"));
          case "bpe" ->
              new TokenModel.Bpe(
                  optionalId(json.get("unknown_id")),
                  json.text("continuing_prefix"),
                  json.text("word_suffix"),
                  json.flag("fuse_unknown"),
                  json.flag("byte_fallback"),
                  json.flag("ignore_merges"));
          default -> throw json.get("type").error("is no model of this Kumiko: " + type);
        };
    json.requireNoOthers();
    return model;
  }

  private static TokenModel wordPiece(Members json) throws ModelFormatException {
    LengthUnit unit =
        json.has(TokenizerWriter.longestWord(LengthUnit.BYTES))
            ? LengthUnit.BYTES
            : LengthUnit.CODE_POINTS;
    return new TokenModel.WordPiece(
        json.text("continuing_prefix"),
        json.integer(TokenizerWriter.longestWord(unit)),
        unit,
        json.integer("unknown_id"));
  }

  private static OptionalInt optionalId(Json id) throws ModelFormatException {
    return id.isNull() ? OptionalInt.empty() : OptionalInt.of(id.asInt());
  }

  private static TextPattern pattern(Members json) throws ModelFormatException {
    boolean regex = json.has("regex");
    return new TextPattern(regex, json.text(regex ? "regex" : "text"));
  }

  private static SplitStep.Behavior behavior(Members json) throws ModelFormatException {
    return json.choice("behavior", SplitStep.Behavior.values());
  }

  private static List<Piece> pieces(Json template) throws ModelFormatException {
    List<Piece> pieces = new ArrayList<>();
    for (Json item : template.items()) {
      Members json = new Members(item);
      int type = json.get("type").asInt();
      if (json.has("id")) {
        pieces.add(Piece.token(json.get("id").asInt(), type));
      } else {
        String text = json.text("text");
        pieces.add(
            switch (text) {
              case "first" -> Piece.first(type);
              case "second" -> Piece.second(type);
              default -> throw json.get("text").error("is " + text + ", not first or second");
            });
      }
      json.requireNoOthers();
    }
    return pieces;
  }

  private static AddedToken addedToken(Members json) throws ModelFormatException {
    AddedToken token =
        new AddedToken(
            json.get("id").asInt(),
            json.text("content"),
            json.flag("single_word"),
            json.flag("lstrip"),
            json.flag("rstrip"),
            json.flag("normalized"),
            json.flag("special"));
    json.requireNoOthers();
    return token;
  }
}
