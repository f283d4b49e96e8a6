package dev.kumiko.tools.convert.vocabulary;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code BertTokenizer} and {@code MPNetTokenizer}: one token a line of {@code vocab.txt}. */
record WordPieceClass(SpecialDefaults defaults, String postProcessor) implements TokenizerClass {
  static final WordPieceClass BERT = new WordPieceClass(SpecialDefaults.BERT, "BertProcessing");

  static final WordPieceClass MPNET =
      new WordPieceClass(SpecialDefaults.MPNET, "RobertaProcessing");

  private static final String FILE = "vocab.txt";
  private static final String TYPE = "WordPiece";

  @Override
  public List<String> files() {
    return List.of(FILE);
  }

  @Override
  public Set<String> needed() {
    return Set.of("unk_token", "cls_token", "sep_token");
  }

  @Override
  public Set<String> neededForStored() {
    return needed();
  }

  @Override
  public Json build(Path folder, Settings settings) throws IOException {
    Path file = folder.resolve(FILE);
    Map<String, Integer> vocabulary = read(file);
    Map<String, Object> model = model(settings);
    model.put("type", TYPE);
    model.put("vocab", vocabulary);
    return describe(new TokenizerDocument(model, vocabulary), settings).json(file.toString());
  }

  @Override
  public Json rebuild(Json stored, Settings settings) throws IOException {
    return describe(TokenizerDocument.of(stored, TYPE, model(settings)), settings)
        .json(stored.source());
  }

  private static Map<String, Object> model(Settings settings) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("unk_token", settings.text("unk_token"));
    model.put("continuing_subword_prefix", "##");
    model.put("max_input_chars_per_word", 100);
    return model;
  }

  private TokenizerDocument describe(TokenizerDocument document, Settings settings)
      throws IOException {
    return document
        .normalizer(normalizer(settings))
        .preTokenizer(Map.of("type", "BertPreTokenizer"))
        .addTokens(settings, Optional.empty())
        .enclose(postProcessor, settings.text("cls_token"), settings.text("sep_token"));
  }

  private static Map<String, Object> normalizer(Settings settings) throws IOException {
    boolean lowercase = settings.flag("do_lower_case", true);
    Map<String, Object> normalizer = new LinkedHashMap<>();
    normalizer.put("type", "BertNormalizer");
    normalizer.put("clean_text", true);
    normalizer.put("handle_chinese_chars", settings.flag("tokenize_chinese_chars", true));
    normalizer.put("strip_accents", settings.optionalFlag("strip_accents").orElse(lowercase));
    normalizer.put("lowercase", lowercase);
    return normalizer;
  }

  /** Of a token on several lines the last line counts; white space behind a token does not. */
  private static Map<String, Integer> read(Path file) throws IOException {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    int id = 0;
    for (String line : LineFile.read(file)) {
      int end = line.length();
      while (end > 0 && isWhiteSpace(line.charAt(end - 1))) {
        end--;
      }
      vocabulary.put(line.substring(0, end), id++);
    }
    return vocabulary;
  }

  /** Unicode's {@code White_Space}. */
  private static boolean isWhiteSpace(char c) {
    return (c >= '\t' && c <= '\r') || c == '\u0085' || Character.isSpaceChar(c);
  }
}
