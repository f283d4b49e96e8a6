package dev.kumiko.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns a tokenizer's description into maps, lists and plain values. */
final class TokenizerWriter {
  private TokenizerWriter() {}

  static Map<String, Object> json(TokenizerDescription tokenizer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(
        "normalizers", tokenizer.normalizers().stream().map(TokenizerWriter::normalizer).toList());
    json.put("splits", tokenizer.splits().stream().map(TokenizerWriter::split).toList());
    json.put("model", model(tokenizer.model()));
    json.put("single", pieces(tokenizer.specialTokens().single()));
    json.put("pair", pieces(tokenizer.specialTokens().pair()));
    json.put(
        "added_tokens", tokenizer.addedTokens().stream().map(TokenizerWriter::addedToken).toList());
    if (tokenizer.truncatesLeft()) {
      json.put("truncates_left", true);
    }
    if (tokenizer.trimming() != OffsetTrimming.NONE) {
      json.put("trim_offsets", MetadataKeys.code(tokenizer.trimming()));
    }
    return json;
  }

  private static Map<String, Object> normalizer(NormalizerStep step) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (step instanceof NormalizerStep.Bert bert) {
      json.put("type", "bert");
      json.put("clean_text", bert.cleanText());
      json.put("handle_chinese_chars", bert.handleChineseChars());
      json.put("strip_accents", bert.stripAccents());
      json.put("lowercase", bert.lowercase());
    } else if (step instanceof NormalizerStep.Strip strip) {
      json.put("type", "strip");
      json.put("left", strip.left());
      json.put("right", strip.right());
    } else if (step instanceof NormalizerStep.Replace replace) {
      json.put("type", "replace");
      putPattern(json, replace.pattern());
      json.put("content", replace.content());
    } else if (step instanceof NormalizerStep.Prepend prepend) {
      json.put("type", "prepend");
      json.put("text", prepend.text());
    } else if (step instanceof Enum<?> simple) {
      json.put("type", MetadataKeys.code(simple));
    }
    return json;
  }

  private static Map<String, Object> split(SplitStep step) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (step instanceof SplitStep.Simple simple) {
      json.put("type", MetadataKeys.code(simple));
    } else if (step instanceof SplitStep.Punctuation punctuation) {
      json.put("type", "punctuation");
      json.put("behavior", MetadataKeys.code(punctuation.behavior()));
    } else if (step instanceof SplitStep.Digits digits) {
      json.put("type", "digits");
      json.put("individual", digits.individual());
    } else if (step instanceof SplitStep.Metaspace metaspace) {
      json.put("type", "metaspace");
      json.put("replacement", metaspace.replacement());
      json.put("prepend", MetadataKeys.code(metaspace.prepend()));
      json.put("split", metaspace.split());
    } else if (step instanceof SplitStep.ByteLevel bytes) {
      json.put("type", "byte_level");
      json.put("add_prefix_space", bytes.addPrefixSpace());
      json.put("use_regex", bytes.useRegex());
    } else if (step instanceof SplitStep.Split split) {
      json.put("type", "split");
      putPattern(json, split.pattern());
      json.put("behavior", MetadataKeys.code(split.behavior()));
      json.put("invert", split.invert());
    }
    return json;
  }

  private static Map<String, Object> model(TokenModel model) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (model instanceof TokenModel.WordPiece wordPiece) {
      json.put("type", "wordpiece");
      json.put("continuing_prefix", wordPiece.continuingPrefix());
      json.put(longestWord(wordPiece.unit()), wordPiece.longestWord());
      json.put("unknown_id", wordPiece.unknownId());
    } else if (model instanceof TokenModel.Unigram unigram) {
      json.put("type", "unigram");
      json.put("unknown_id", unigram.unknownId());
      json.put("byte_fallback", unigram.byteFallback());
    } else if (model instanceof TokenModel.Bpe bpe) {
      json.put("type", "bpe");
      json.put("unknown_id", bpe.unknownId().isPresent() ? bpe.unknownId().getAsInt() : null);
      json.put("continuing_prefix", bpe.continuingPrefix());
      json.put("word_suffix", bpe.wordSuffix());
      json.put("fuse_unknown", bpe.fuseUnknown());
      json.put("byte_fallback", bpe.byteFallback());
      json.put("ignore_merges", bpe.ignoreMerges());
    }
    return json;
  }

  /** Returns the name of the member that has the longest word. */
  static String longestWord(TokenModel.LengthUnit unit) {
    return unit == TokenModel.LengthUnit.BYTES ? "max_bytes_per_word" : "max_input_chars_per_word";
  }

  private static void putPattern(Map<String, Object> json, TextPattern pattern) {
    json.put(pattern.regex() ? "regex" : "text", pattern.text());
  }

  private static List<Map<String, Object>> pieces(List<SpecialTokens.Piece> pieces) {
    return pieces.stream().map(TokenizerWriter::piece).toList();
  }

  private static Map<String, Object> piece(SpecialTokens.Piece piece) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (piece.kind() == SpecialTokens.Kind.TOKEN) {
      json.put("id", piece.id());
    } else {
      json.put("text", MetadataKeys.code(piece.kind()));
    }
    json.put("type", piece.type());
    return json;
  }

  private static Map<String, Object> addedToken(AddedToken token) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", token.id());
    json.put("content", token.content());
    json.put("single_word", token.singleWord());
    json.put("lstrip", token.lstrip());
    json.put("rstrip", token.rstrip());
    json.put("normalized", token.normalized());
    json.put("special", token.special());
    return json;
  }
}
