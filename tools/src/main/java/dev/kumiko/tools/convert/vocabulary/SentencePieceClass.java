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

/**
 * {@code XLMRobertaTokenizer} and {@code CamembertTokenizer}: a Unigram of SentencePiece, whose
 * first pieces give way to the special tokens of fairseq.
 */
enum SentencePieceClass implements TokenizerClass {
  XLM_ROBERTA {
    @Override
    public SpecialDefaults defaults() {
      return SpecialDefaults.ROBERTA;
    }

    @Override
    List<List<Object>> before(Settings settings) {
      return List.of(
          piece(settings.text("bos_token")),
          piece(settings.text("pad_token")),
          piece(settings.text("eos_token")),
          piece(settings.text("unk_token")));
    }

    @Override
    int replaced() {
      return 3;
    }

    @Override
    int unknown(Json vocabulary, Settings settings) {
      return UNKNOWN;
    }
  },

  CAMEMBERT {
    @Override
    public SpecialDefaults defaults() {
      return SpecialDefaults.CAMEMBERT;
    }

    @Override
    List<List<Object>> before(Settings settings) {
      return List.of(
          piece("<s>NOTUSED"),
          piece(settings.text("pad_token")),
          piece("</s>NOTUSED"),
          piece(settings.text("unk_token")),
          List.of("<unk>NOTUSED", -100.0));
    }

    @Override
    int replaced() {
      return 1;
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

  private static final String FILE = "sentencepiece.bpe.model";
  private static final String TYPE = "Unigram";
  private static final int UNKNOWN = 3;

  /** Returns what stands before the pieces of the file. */
  abstract List<List<Object>> before(Settings settings);

  /** Returns how many pieces of the file are left out. */
  abstract int replaced();

  private static List<Object> piece(String text) {
    return List.of(text, 0.0);
  }

  @Override
  public List<String> files() {
    return List.of(FILE);
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
    Path file = folder.resolve(FILE);
    SentencePieceFile pieces = SentencePieceFile.read(file);
    if (pieces.modelType() != SentencePieceFile.UNIGRAM) {
      throw new ConversionException(
          "%s holds a model of type %d; Kumiko builds this tokenizer from a Unigram, type %d."
              .formatted(file, pieces.modelType(), SentencePieceFile.UNIGRAM));
    }
    List<List<Object>> vocabulary = new ArrayList<>(before(settings));
    List<AddedToken> controls = new ArrayList<>();
    for (int i = 0; i < pieces.pieces().size(); i++) {
      SentencePieceFile.Piece piece = pieces.pieces().get(i);
      if (i >= replaced()) {
        vocabulary.add(List.of(piece.text(), (double) piece.score()));
      }
      if (piece.isControl() || piece.isUserDefined()) {
        controls.add(
            new AddedToken(
                piece.text(), false, false, false, Optional.of(false), piece.isControl()));
      }
    }
    vocabulary.add(piece(settings.text("mask_token")));
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (List<Object> piece : vocabulary) {
      if (ids.putIfAbsent((String) piece.getFirst(), ids.size()) != null) {
        throw new ConversionException(
            "%s has the piece %s, which is one of the special tokens too, or has it twice."
                .formatted(file, piece.getFirst()));
      }
    }
    TokenizerDocument document =
        new TokenizerDocument(model(vocabulary), ids).normalizer(normalizer(file, pieces));
    return describe(document, settings, Optional.of(controls)).json(file.toString());
  }

  @Override
  public Json rebuild(Json stored, Settings settings) throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("unk_id", unknown(stored.get("model").get("vocab"), settings));
    model.put("byte_fallback", false);
    TokenizerDocument document = TokenizerDocument.of(stored, TYPE, model);
    Optional<Json> rules = rules(stored);
    if (rules.isPresent()) {
      document.normalizer(
          Map.of("type", "Precompiled", "precompiled_charsmap", rules.get().asString()));
    } else {
      document.withoutNormalizer();
    }
    return describe(document, settings, settings.stated().formerExtra().or(this::extra))
        .json(stored.source());
  }

  /** Returns the id of the unknown token in a stored vocabulary. */
  abstract int unknown(Json vocabulary, Settings settings) throws IOException;

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

  private static TokenizerDocument describe(
      TokenizerDocument document, Settings settings, Optional<List<AddedToken>> extra)
      throws IOException {
    return document
        .preTokenizer(preTokenizer(settings.flag("add_prefix_space", true)))
        .addTokens(settings, extra)
        .enclose("RobertaProcessing", settings.text("bos_token"), settings.text("eos_token"));
  }

  private static Map<String, Object> model(List<List<Object>> vocabulary) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", TYPE);
    model.put("unk_id", UNKNOWN);
    model.put("vocab", vocabulary);
    return model;
  }

  private static Map<String, Object> normalizer(Path file, SentencePieceFile pieces)
      throws ConversionException {
    if (pieces.characterMap().length == 0) {
      throw new ConversionException(
          file + " has no compiled rules for characters; transformers refuses it too.");
    }
    String rules = Base64.getEncoder().encodeToString(pieces.characterMap());
    return Map.of("type", "Precompiled", "precompiled_charsmap", rules);
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
