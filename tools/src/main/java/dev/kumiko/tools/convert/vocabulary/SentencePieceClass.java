package dev.kumiko.tools.convert.vocabulary;

import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A tokenizer from a Unigram of SentencePiece. */
enum SentencePieceClass implements TokenizerClass {
  /** The pieces as they are. */
  ALBERT(SpecialDefaults.ALBERT, "spiece.model", 0, 1) {
    @Override
    public Set<String> needed() {
      return Set.of("cls_token", "sep_token");
    }

    @Override
    public Set<String> neededForStored() {
      return needed();
    }

    @Override
    void check(Settings settings) throws IOException {
      for (String flag : List.of("add_bos_token", "add_eos_token")) {
        Optional<Json> stated =
            settings.config().isPresent() ? settings.config().get().find(flag) : Optional.empty();
        if (stated.isPresent()) {
          throw stated.get().error("is stated, which Kumiko does not support of AlbertTokenizer");
        }
      }
    }

    @Override
    List<List<Object>> vocabulary(Settings settings, List<List<Object>> pieces) {
      return pieces;
    }

    @Override
    List<Object> normalizers(Settings settings) throws IOException {
      List<Object> normalizers = new ArrayList<>();
      normalizers.add(replace("``"));
      normalizers.add(replace("''"));
      if (!settings.flag("keep_accents", false)) {
        normalizers.add(Map.of("type", "NFKD"));
        normalizers.add(Map.of("type", "StripAccents"));
      }
      if (settings.flag("do_lower_case", true)) {
        normalizers.add(Map.of("type", "Lowercase"));
      }
      return normalizers;
    }

    @Override
    TokenizerDocument enclose(TokenizerDocument document, Settings settings) {
      return document.enclose(
          "BertProcessing", settings.text("cls_token"), settings.text("sep_token"));
    }
  },

  /** The first pieces give way to the special tokens of fairseq, and the mask stands behind. */
  XLM_ROBERTA(SpecialDefaults.ROBERTA, "sentencepiece.bpe.model", 3, 3) {
    @Override
    List<List<Object>> vocabulary(Settings settings, List<List<Object>> pieces) {
      List<List<Object>> vocabulary = new ArrayList<>();
      for (String name : List.of("bos_token", "pad_token", "eos_token", "unk_token")) {
        vocabulary.add(piece(settings.text(name)));
      }
      vocabulary.addAll(pieces);
      vocabulary.add(piece(settings.text("mask_token")));
      return vocabulary;
    }
  },

  /** As XLM-RoBERTa's, with names in the first places that no text has. */
  CAMEMBERT(SpecialDefaults.CAMEMBERT, "sentencepiece.bpe.model", 1, 3) {
    @Override
    List<List<Object>> vocabulary(Settings settings, List<List<Object>> pieces) {
      List<List<Object>> vocabulary = new ArrayList<>();
      vocabulary.add(piece("<s>NOTUSED"));
      vocabulary.add(piece(settings.text("pad_token")));
      vocabulary.add(piece("</s>NOTUSED"));
      vocabulary.add(piece(settings.text("unk_token")));
      vocabulary.add(List.of("<unk>NOTUSED", -100.0));
      vocabulary.addAll(pieces);
      vocabulary.add(piece(settings.text("mask_token")));
      return vocabulary;
    }

    @Override
    int unknown(Json vocabulary, Settings settings) throws IOException {
      AddedToken unknown = settings.special().get("unk_token");
      int id = 0;
      for (Json piece : vocabulary.items()) {
        String content = piece.items().getFirst().asString();
        if (unknown != null && content.equals(unknown.content())) {
          return id;
        }
        id++;
      }
      return 0;
    }

    @Override
    Optional<List<AddedToken>> extra() {
      return Optional.of(
          List.of(
              AddedToken.special("<s>NOTUSED"),
              AddedToken.special("</s>NOTUSED"),
              AddedToken.special("<unk>NOTUSED")));
    }
  };

  private static final String TYPE = "Unigram";

  /** One of its constants, whose maps cannot be changed. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final SpecialDefaults defaults;

  private final String name;
  private final int replaced;
  private final int unknown;

  /**
   * A class.
   *
   * @param name of the file
   * @param replaced how many pieces of the file are left out
   * @param unknown the id for what no piece has
   */
  SentencePieceClass(SpecialDefaults defaults, String name, int replaced, int unknown) {
    this.defaults = defaults;
    this.name = name;
    this.replaced = replaced;
    this.unknown = unknown;
  }

  /** Refuses settings of vocabulary files that Kumiko cannot obey. */
  void check(Settings settings) throws IOException {}

  /** Puts the special tokens around the pieces. */
  abstract List<List<Object>> vocabulary(Settings settings, List<List<Object>> pieces);

  /** Returns what is done to a text before the rules of the file. */
  List<Object> normalizers(Settings settings) throws IOException {
    return List.of();
  }

  TokenizerDocument enclose(TokenizerDocument document, Settings settings) {
    return document.enclose(
        "RobertaProcessing", settings.text("bos_token"), settings.text("eos_token"));
  }

  private static Map<String, Object> replace(String quotes) {
    return Map.of("type", "Replace", "pattern", Map.of("String", quotes), "content", "\"");
  }

  private static List<Object> piece(String text) {
    return List.of(text, 0.0);
  }

  @Override
  public List<String> files() {
    return List.of(name);
  }

  @Override
  public SpecialDefaults defaults() {
    return defaults;
  }

  @Override
  public Set<String> needed() {
    return Set.of("bos_token", "eos_token", "unk_token", "pad_token", "mask_token");
  }

  @Override
  public Set<String> neededForStored() {
    return Set.of("bos_token", "eos_token");
  }

  @Override
  public Json build(Path folder, Settings settings) throws IOException {
    check(settings);
    Path file = folder.resolve(name);
    SentencePieceFile model = SentencePieceFile.read(file);
    if (model.modelType() != SentencePieceFile.UNIGRAM) {
      throw new ConversionException(
          "%s holds a model of type %d; Kumiko builds this tokenizer from a Unigram, type %d."
              .formatted(file, model.modelType(), SentencePieceFile.UNIGRAM));
    }
    String rules = Base64.getEncoder().encodeToString(characterMap(file, model));
    List<SentencePieceFile.Piece> all = model.pieces();
    List<List<Object>> kept = new ArrayList<>();
    for (SentencePieceFile.Piece piece : all.subList(Math.min(replaced, all.size()), all.size())) {
      kept.add(List.of(piece.text(), (double) piece.score()));
    }
    List<List<Object>> vocabulary = vocabulary(settings, kept);
    TokenizerDocument document =
        new TokenizerDocument(
            Map.of("type", TYPE, "unk_id", unknown, "vocab", vocabulary), ids(file, vocabulary));
    return describe(document, Optional.of(rules), settings, Optional.of(addedPieces(all)))
        .json(file.toString());
  }

  private static byte[] characterMap(Path file, SentencePieceFile model)
      throws ConversionException {
    if (model.characterMap().length == 0) {
      throw new ConversionException(
          file + " has no compiled rules for characters; transformers refuses it too.");
    }
    return model.characterMap();
  }

  private static Map<String, Integer> ids(Path file, List<List<Object>> vocabulary)
      throws ConversionException {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (List<Object> piece : vocabulary) {
      if (ids.putIfAbsent((String) piece.getFirst(), ids.size()) != null) {
        throw new ConversionException(
            "%s has the piece %s, which is one of the special tokens too, or has it twice."
                .formatted(file, piece.getFirst()));
      }
    }
    return ids;
  }

  /** Returns the pieces that are found before a text is split. */
  private static List<AddedToken> addedPieces(List<SentencePieceFile.Piece> pieces) {
    List<AddedToken> added = new ArrayList<>();
    for (SentencePieceFile.Piece piece : pieces) {
      if (piece.isControl() || piece.isUserDefined()) {
        added.add(
            new AddedToken(
                piece.text(), false, false, false, Optional.of(false), piece.isControl()));
      }
    }
    return added;
  }

  @Override
  public Json rebuild(Json stored, Settings settings) throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("unk_id", unknown(stored.get("model").get("vocab"), settings));
    model.put("byte_fallback", false);
    TokenizerDocument document = TokenizerDocument.of(stored, TYPE, model);
    Optional<Json> rules = rules(stored);
    Optional<String> text =
        rules.isPresent() ? Optional.of(rules.get().asString()) : Optional.empty();
    return describe(document, text, settings, settings.stated().formerExtra().or(this::extra))
        .json(stored.source());
  }

  /** Returns the id of the unknown token in a stored vocabulary. */
  int unknown(Json vocabulary, Settings settings) throws IOException {
    return unknown;
  }

  /** Returns the extra special tokens if none are stated beside a stored vocabulary. */
  Optional<List<AddedToken>> extra() {
    return Optional.empty();
  }

  /** Of the normaliser's steps, those alone are kept. */
  private static Optional<Json> rules(Json stored) throws IOException {
    Optional<Json> normalizer = JsonFile.present(stored, "normalizer");
    if (normalizer.isEmpty()) {
      return Optional.empty();
    }
    Optional<Json> steps = normalizer.get().find("normalizers");
    List<Json> all = steps.isPresent() ? steps.get().items() : List.of(normalizer.get());
    for (Json step : all) {
      if (step.get("type").asString().equals("Precompiled")) {
        return JsonFile.present(step, "precompiled_charsmap");
      }
    }
    return Optional.empty();
  }

  private TokenizerDocument describe(
      TokenizerDocument document,
      Optional<String> rules,
      Settings settings,
      Optional<List<AddedToken>> extra)
      throws IOException {
    List<Object> steps = new ArrayList<>(normalizers(settings));
    rules.ifPresent(map -> steps.add(Map.of("type", "Precompiled", "precompiled_charsmap", map)));
    if (steps.isEmpty()) {
      document.withoutNormalizer();
    } else {
      document.normalizer(Map.of("type", "Sequence", "normalizers", steps));
    }
    document
        .preTokenizer(preTokenizer(settings.flag("add_prefix_space", true)))
        .addTokens(settings, extra);
    return enclose(document, settings);
  }

  private static Map<String, Object> preTokenizer(boolean prefixSpace) {
    String scheme = prefixSpace ? "always" : "never";
    return Map.of(
        "type",
        "Sequence",
        "pretokenizers",
        List.of(
            Map.of("type", "WhitespaceSplit"),
            Map.of("type", "Metaspace", "replacement", "▁", "prepend_scheme", scheme)));
  }
}
