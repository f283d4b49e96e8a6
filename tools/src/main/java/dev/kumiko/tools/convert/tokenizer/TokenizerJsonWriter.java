package dev.kumiko.tools.convert.tokenizer;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.OffsetTrimming;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.SplitStep.Behavior;
import dev.kumiko.format.TextPattern;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Writes a tokenizer as the {@code tokenizer.json} that {@link TokenizerJson} reads: the same steps
 * and tables, whatever document they were read from.
 */
public final class TokenizerJsonWriter {
  private final TokenizerDescription description;
  private final TokenizerTables tables;

  /** Prepares to write. */
  public TokenizerJsonWriter(TokenizerDescription description, TokenizerTables tables) {
    this.description = description;
    this.tables = tables;
  }

  /** Returns what the tokenizer does for which the document has no name, for people. */
  public List<String> nameless() {
    List<String> nameless = new ArrayList<>();
    if (description.normalizers().contains(NormalizerStep.Simple.DROP_CONTROLS)) {
      nameless.add("drops control characters");
    }
    if (description.splits().contains(SplitStep.Simple.SCRIPT)) {
      nameless.add("splits by script");
    }
    if (description.splits().contains(SplitStep.Simple.CHARACTERS)) {
      nameless.add("splits words of Han, emoji and punctuation into characters");
    }
    if (description.model() instanceof TokenModel.WordPiece wordPiece
        && wordPiece.unit() == TokenModel.LengthUnit.BYTES) {
      nameless.add("measures words in bytes");
    }
    return nameless;
  }

  /**
   * Returns the document, a tree of maps and lists.
   *
   * @throws IllegalStateException if something is {@link #nameless}
   */
  public Map<String, Object> document(int maxTokens) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", "1.0");
    document.put("truncation", description.truncatesLeft() ? truncation(maxTokens) : null);
    document.put("padding", null);
    document.put(
        "added_tokens",
        description.addedTokens().stream().map(TokenizerJsonWriter::addedToken).toList());
    document.put(
        "normalizer",
        sequence("normalizers", description.normalizers().stream().map(this::normalizer).toList()));
    document.put(
        "pre_tokenizer",
        sequence(
            "pretokenizers",
            description.splits().stream().map(TokenizerJsonWriter::split).toList()));
    document.put("post_processor", postProcessor());
    document.put("decoder", null);
    document.put("model", model());
    return document;
  }

  /** Returns the token with an id, which may be an added one. */
  public String token(int id) {
    for (AddedToken token : description.addedTokens()) {
      if (token.id() == id) {
        return token.content();
      }
    }
    return inVocabulary(id);
  }

  private String inVocabulary(int id) {
    int from = tables.vocabularyOffsets()[id];
    int length = tables.vocabularyOffsets()[id + 1] - from;
    return new String(tables.vocabularyBytes(), from, length, StandardCharsets.UTF_8);
  }

  private static Map<String, Object> truncation(int maxTokens) {
    return members(
        "direction", "Left", "max_length", maxTokens, "strategy", "LongestFirst", "stride", 0);
  }

  private static Map<String, Object> addedToken(AddedToken token) {
    return members(
        "id", token.id(),
        "content", token.content(),
        "single_word", token.singleWord(),
        "lstrip", token.lstrip(),
        "rstrip", token.rstrip(),
        "normalized", token.normalized(),
        "special", token.special());
  }

  private static Object sequence(String name, List<Map<String, Object>> steps) {
    if (steps.isEmpty()) {
      return null;
    }
    return steps.size() == 1 ? steps.getFirst() : members("type", "Sequence", name, steps);
  }

  private Map<String, Object> normalizer(NormalizerStep step) {
    return switch (step) {
      case NormalizerStep.Bert bert ->
          members(
              "type", "BertNormalizer",
              "clean_text", bert.cleanText(),
              "handle_chinese_chars", bert.handleChineseChars(),
              "strip_accents", bert.stripAccents(),
              "lowercase", bert.lowercase());
      case NormalizerStep.Form form -> members("type", form.name());
      case NormalizerStep.Simple.LOWERCASE -> members("type", "Lowercase");
      case NormalizerStep.Simple.STRIP_ACCENTS -> members("type", "StripAccents");
      case NormalizerStep.Strip strip ->
          members("type", "Strip", "strip_left", strip.left(), "strip_right", strip.right());
      case NormalizerStep.Replace replace ->
          members(
              "type", "Replace",
              "pattern", pattern(replace.pattern()),
              "content", replace.content());
      case NormalizerStep.Prepend prepend -> members("type", "Prepend", "prepend", prepend.text());
      case NormalizerStep.Simple.DROP_CONTROLS -> throw nameless(step);
      case NormalizerStep.Simple.PRECOMPILED ->
          members(
              "type",
              "Precompiled",
              "precompiled_charsmap",
              Base64.getEncoder().encodeToString(tables.characterMap()));
    };
  }

  private static Map<String, Object> split(SplitStep step) {
    return switch (step) {
      case SplitStep.Simple.BERT -> members("type", "BertPreTokenizer");
      case SplitStep.Simple.WHITESPACE -> members("type", "Whitespace");
      case SplitStep.Simple.WHITESPACE_SPLIT -> members("type", "WhitespaceSplit");
      case SplitStep.Punctuation punctuation ->
          members("type", "Punctuation", "behavior", name(punctuation.behavior()));
      case SplitStep.Digits digits ->
          members("type", "Digits", "individual_digits", digits.individual());
      case SplitStep.Metaspace metaspace ->
          members(
              "type", "Metaspace",
              "replacement", metaspace.replacement(),
              "prepend_scheme", metaspace.prepend().name().toLowerCase(Locale.ROOT),
              "split", metaspace.split());
      case SplitStep.ByteLevel bytes ->
          members(
              "type",
              "ByteLevel",
              "add_prefix_space",
              bytes.addPrefixSpace(),
              "trim_offsets",
              true,
              "use_regex",
              bytes.useRegex());
      case SplitStep.Split split ->
          members(
              "type", "Split",
              "pattern", pattern(split.pattern()),
              "behavior", name(split.behavior()),
              "invert", split.invert());
      case SplitStep.Simple.SCRIPT, SplitStep.Simple.CHARACTERS -> throw nameless(step);
    };
  }

  private static IllegalStateException nameless(Object step) {
    return new IllegalStateException(step + " has no name in tokenizer.json");
  }

  private static Map<String, Object> pattern(TextPattern pattern) {
    return members(pattern.regex() ? "Regex" : "String", pattern.text());
  }

  private static String name(Behavior behavior) {
    return switch (behavior) {
      case REMOVED -> "Removed";
      case ISOLATED -> "Isolated";
      case MERGED_WITH_PREVIOUS -> "MergedWithPrevious";
      case MERGED_WITH_NEXT -> "MergedWithNext";
      case CONTIGUOUS -> "Contiguous";
    };
  }

  private Map<String, Object> postProcessor() {
    if (description.trimming() == OffsetTrimming.NONE) {
      return template();
    }
    Map<String, Object> trimming =
        members(
            "type",
            "ByteLevel",
            "add_prefix_space",
            description.trimming() == OffsetTrimming.ALL_BUT_FIRST,
            "trim_offsets",
            true,
            "use_regex",
            true);
    return members("type", "Sequence", "processors", List.of(trimming, template()));
  }

  /** Written even if there are no special tokens: of a pair, the texts have types. */
  private Map<String, Object> template() {
    SpecialTokens specials = description.specialTokens();
    Map<String, Object> tokens = new LinkedHashMap<>();
    return members(
        "type",
        "TemplateProcessing",
        "single",
        pieces(specials.single(), tokens),
        "pair",
        pieces(specials.pair(), tokens),
        "special_tokens",
        tokens);
  }

  private List<Object> pieces(List<SpecialTokens.Piece> pieces, Map<String, Object> tokens) {
    List<Object> written = new ArrayList<>();
    for (SpecialTokens.Piece piece : pieces) {
      String kind = piece.kind() == SpecialTokens.Kind.TOKEN ? "SpecialToken" : "Sequence";
      String id = piece.kind() == SpecialTokens.Kind.FIRST ? "A" : "B";
      if (piece.kind() == SpecialTokens.Kind.TOKEN) {
        id = token(piece.id());
        tokens.put(id, members("id", id, "ids", List.of(piece.id()), "tokens", List.of(id)));
      }
      written.add(members(kind, members("id", id, "type_id", piece.type())));
    }
    return written;
  }

  private Map<String, Object> model() {
    return switch (description.model()) {
      case TokenModel.WordPiece wordPiece ->
          members(
              "type", "WordPiece",
              "unk_token", token(wordPiece.unknownId()),
              "continuing_subword_prefix", wordPiece.continuingPrefix(),
              "max_input_chars_per_word", wordPiece.longestWord(),
              "vocab", vocabulary());
      case TokenModel.Unigram unigram ->
          members(
              "type", "Unigram",
              "unk_id", unigram.unknownId(),
              "vocab", scoredVocabulary(),
              "byte_fallback", unigram.byteFallback());
      case TokenModel.Bpe bpe ->
          members(
              "type", "BPE",
              "dropout", null,
              "unk_token", unknown(bpe.unknownId()),
              "continuing_subword_prefix", orNull(bpe.continuingPrefix()),
              "end_of_word_suffix", orNull(bpe.wordSuffix()),
              "fuse_unk", bpe.fuseUnknown(),
              "byte_fallback", bpe.byteFallback(),
              "ignore_merges", bpe.ignoreMerges(),
              "vocab", vocabulary(),
              "merges", merges());
    };
  }

  private Object unknown(OptionalInt id) {
    return id.isPresent() ? token(id.getAsInt()) : null;
  }

  private static Object orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** The ids of added tokens may be left out. */
  private Map<String, Object> vocabulary() {
    Map<String, Object> ids = LinkedHashMap.newLinkedHashMap(tables.tokens());
    for (int id = 0; id < tables.tokens(); id++) {
      if (tables.vocabularyOffsets()[id] < tables.vocabularyOffsets()[id + 1]) {
        ids.put(inVocabulary(id), id);
      }
    }
    return ids;
  }

  private List<Object> scoredVocabulary() {
    List<Object> pieces = new ArrayList<>(tables.tokens());
    for (int id = 0; id < tables.tokens(); id++) {
      pieces.add(List.of(inVocabulary(id), tables.scores()[id]));
    }
    return pieces;
  }

  private List<Object> merges() {
    List<Object> merges = new ArrayList<>(tables.merges().length / 3);
    for (int i = 0; i < tables.merges().length; i += 3) {
      merges.add(List.of(inVocabulary(tables.merges()[i]), inVocabulary(tables.merges()[i + 1])));
    }
    return merges;
  }

  private static Map<String, Object> members(Object... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return members;
  }
}
