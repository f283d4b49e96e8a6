package dev.kumiko.tools.generate;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TextPattern;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A tokenizer of a known kind with a made-up vocabulary: characters, then words of letters. Words
 * become more tokens than with one that was trained.
 *
 * @param description the rules
 * @param tables the vocabulary
 */
record SyntheticTokenizer(TokenizerDescription description, TokenizerTables tables) {
  private static final String SOURCE = "synthetic vocabulary";
  private static final double[] NO_SCORES = {};
  private static final int[] NO_MERGES = {};
  private static final byte[] NO_MAP = {};

  /** How Qwen2 and its successors split a text into words. */
  private static final String WORDS =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** Cased WordPiece, as LaBSE's. */
  static SyntheticTokenizer wordPiece(int size) {
    List<String> special = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    SyntheticTokens tokens = new SyntheticTokens(size, special);
    tokens.addCharacters(size / 2, "", "##");
    tokens.addWords("", "##");
    TokenizerDescription rules =
        new TokenizerDescription(
            List.of(new NormalizerStep.Bert(true, true, false, false)),
            List.of(SplitStep.Simple.BERT),
            new TokenModel.WordPiece("##", 100, tokens.id("[UNK]")),
            SpecialTokens.bert(tokens.id("[CLS]"), tokens.id("[SEP]")),
            added(special));
    return of(rules, tokens, NO_SCORES);
  }

  /** SentencePiece's Unigram, as XLM-RoBERTa's but for its table of characters. */
  static SyntheticTokenizer unigram(int size) {
    List<String> special = List.of("<s>", "<pad>", "</s>", "<unk>");
    SyntheticTokens tokens = new SyntheticTokens(size, special);
    tokens.add("▁");
    tokens.addCharacters(size / 2, "");
    tokens.addWords("▁", "");
    double[] scores = new double[tokens.tokens().size()];
    for (int id = special.size(); id < scores.length; id++) {
      // Zipf's law: the n-th token of N has the probability 1 / (n log N).
      scores[id] = -StrictMath.log(id * StrictMath.log(scores.length));
    }
    TokenizerDescription rules =
        new TokenizerDescription(
            List.of(NormalizerStep.Form.NFKC),
            List.of(
                SplitStep.Simple.WHITESPACE_SPLIT,
                new SplitStep.Metaspace("▁", SplitStep.Prepend.ALWAYS, true)),
            new TokenModel.Unigram(tokens.id("<unk>"), false),
            around(OptionalInt.of(tokens.id("<s>")), tokens.id("</s>")),
            added(special));
    return of(rules, tokens, scores);
  }

  /** Byte-pair encoding of bytes, as Qwen3's. */
  static SyntheticTokenizer byteLevel(int size) {
    List<String> special = List.of("<|endoftext|>");
    SyntheticTokens tokens = new SyntheticTokens(size, special);
    visibleBytes().forEach(tokens::add);
    tokens.addMergedWords("Ġ", "");
    TokenizerDescription rules =
        new TokenizerDescription(
            List.of(NormalizerStep.Form.NFC),
            List.of(
                new SplitStep.Split(
                    new TextPattern(true, WORDS), SplitStep.Behavior.ISOLATED, false),
                new SplitStep.ByteLevel(false, false)),
            new TokenModel.Bpe(OptionalInt.empty(), "", "", false, false, false),
            around(OptionalInt.empty(), tokens.id("<|endoftext|>")),
            added(special));
    return of(rules, tokens, NO_SCORES);
  }

  /** SentencePiece's byte-pair encoding with bytes to fall back to, as Gemma's. */
  static SyntheticTokenizer sentencePiece(int size) {
    List<String> special = List.of("<pad>", "<eos>", "<bos>", "<unk>", "<mask>");
    SyntheticTokens tokens = new SyntheticTokens(size, special);
    for (int value = 0; value < 256; value++) {
      tokens.add("<0x%02X>".formatted(value));
    }
    tokens.add("▁");
    tokens.addCharacters(size / 2, "");
    tokens.addMergedWords("▁", "");
    TokenizerDescription rules =
        new TokenizerDescription(
            List.of(new NormalizerStep.Replace(new TextPattern(false, " "), "▁")),
            List.of(),
            new TokenModel.Bpe(OptionalInt.of(tokens.id("<unk>")), "", "", true, true, false),
            around(OptionalInt.of(tokens.id("<bos>")), tokens.id("<eos>")),
            added(special));
    return of(rules, tokens, NO_SCORES);
  }

  private static SyntheticTokenizer of(
      TokenizerDescription rules, SyntheticTokens tokens, double[] scores) {
    int[] merges = rules.model() instanceof TokenModel.Bpe ? tokens.merges() : NO_MERGES;
    return new SyntheticTokenizer(
        rules, TokenizerTables.of(SOURCE, tokens.tokens(), scores, merges, NO_MAP));
  }

  private static List<AddedToken> added(List<String> special) {
    List<AddedToken> added = new ArrayList<>();
    for (String content : special) {
      added.add(new AddedToken(added.size(), content, false, false, false, false, true));
    }
    return added;
  }

  private static SpecialTokens around(OptionalInt begin, int end) {
    List<Piece> single = new ArrayList<>();
    begin.ifPresent(id -> single.add(Piece.token(id, 0)));
    single.add(Piece.first(0));
    single.add(Piece.token(end, 0));
    List<Piece> pair = new ArrayList<>(single);
    pair.add(Piece.second(0));
    pair.add(Piece.token(end, 0));
    return new SpecialTokens(single, pair);
  }

  /** The characters that GPT-2 writes bytes as: those that can be seen, and others for the rest. */
  private static List<String> visibleBytes() {
    List<String> characters = new ArrayList<>();
    int others = 0;
    for (int value = 0; value < 256; value++) {
      boolean isVisible = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
      characters.add(Character.toString(isVisible ? value : 256 + others++));
    }
    return characters;
  }
}
