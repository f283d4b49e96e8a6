package dev.kumiko.tools.convert;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TokenizerDescription;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the {@code tokenizer.json} of Hugging Face's {@code tokenizers}, as far as it describes a
 * BERT tokenizer. The sections on truncation and padding are of no concern here.
 */
final class TokenizerJson {
  private final Json root;
  private final List<AddedToken> addedTokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private String[] tokens = {};

  /**
   * A tokenizer.
   *
   * @param description everything but the vocabulary
   * @param tokens the vocabulary by id
   */
  record Tokenizer(TokenizerDescription description, List<String> tokens) {
    /** Returns the UTF-8 bytes of all tokens, one after another. */
    byte[] bytes() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      tokens.forEach(token -> bytes.writeBytes(token.getBytes(StandardCharsets.UTF_8)));
      return bytes.toByteArray();
    }

    /** Returns where each token's bytes begin, and where the last one's end. */
    int[] offsets() {
      int[] offsets = new int[tokens.size() + 1];
      for (int i = 0; i < tokens.size(); i++) {
        offsets[i + 1] = offsets[i] + tokens.get(i).getBytes(StandardCharsets.UTF_8).length;
      }
      return offsets;
    }
  }

  private record Specials(int cls, int sep) {}

  /** A piece of a template: a special token, or a text as {@code $A} or {@code $B}. */
  private record Piece(String id, int type) {}

  private TokenizerJson(Json root) {
    this.root = root;
  }

  /** Reads a tokenizer, or refuses it naming the component that is not supported. */
  static Tokenizer read(Json root) throws ModelFormatException {
    return new TokenizerJson(root).read();
  }

  private Tokenizer read() throws ModelFormatException {
    Json model = root.get("model");
    requireWordPiece(model);
    Optional<Json> normalizer = present(root, "normalizer");
    if (normalizer.isPresent()) {
      requireType(normalizer.get(), "BertNormalizer");
    }
    requireType(root.get("pre_tokenizer"), "BertPreTokenizer");
    readVocabulary(model.get("vocab"));
    Specials specials = readPostProcessor();
    boolean lowercase = flag(normalizer, "lowercase");
    Optional<Json> stripAccents =
        normalizer.isPresent() ? present(normalizer.get(), "strip_accents") : Optional.empty();
    TokenizerDescription description =
        new TokenizerDescription(
            flag(normalizer, "clean_text"),
            flag(normalizer, "handle_chinese_chars"),
            stripAccents.isPresent() ? stripAccents.get().asBoolean() : lowercase,
            lowercase,
            model.get("continuing_subword_prefix").asString(),
            model.get("max_input_chars_per_word").asInt(),
            id(model.get("unk_token")),
            specials.cls(),
            specials.sep(),
            addedTokens);
    return new Tokenizer(description, List.of(tokens));
  }

  private static void requireWordPiece(Json model) throws ModelFormatException {
    // Files of the first versions do not state the type; only WordPiece limits a word's length.
    Optional<Json> type = model.find("type");
    boolean wordPiece =
        type.isPresent()
            ? type.get().asString().equals("WordPiece")
            : model.find("max_input_chars_per_word").isPresent();
    if (!wordPiece) {
      throw type.orElse(model)
          .error(
              (type.isPresent() ? "is " + type.get().asString() : "states no type")
                  + "; Kumiko supports WordPiece");
    }
  }

  private static void requireType(Json component, String supported) throws ModelFormatException {
    Json type = component.get("type");
    if (!type.asString().equals(supported)) {
      throw type.error("is " + type.asString() + "; Kumiko supports " + supported);
    }
  }

  private static Optional<Json> present(Json object, String name) throws ModelFormatException {
    return object.find(name).filter(value -> !value.isNull());
  }

  private static boolean flag(Optional<Json> object, String name) throws ModelFormatException {
    return object.isPresent() && object.get().get(name).asBoolean();
  }

  private void readVocabulary(Json vocabulary) throws ModelFormatException {
    Map<String, Json> model = vocabulary.members();
    for (Map.Entry<String, Json> entry : model.entrySet()) {
      ids.put(entry.getKey(), entry.getValue().asInt());
    }
    Optional<Json> addedList = present(root, "added_tokens");
    for (Json token : addedList.isPresent() ? addedList.get().items() : List.<Json>of()) {
      AddedToken added = addedToken(token);
      Integer before = ids.putIfAbsent(added.content(), added.id());
      if (before != null && before != added.id()) {
        throw token.error(
            "gives %s the id %d, in the vocabulary it has %d"
                .formatted(added.content(), added.id(), before));
      }
      addedTokens.add(added);
    }
    tokens = new String[ids.size()];
    for (Map.Entry<String, Integer> entry : ids.entrySet()) {
      place(entry.getKey(), entry.getValue(), vocabulary);
    }
  }

  private void place(String token, int id, Json vocabulary) throws ModelFormatException {
    if (id < 0 || id >= tokens.length) {
      throw vocabulary.error(
          "and added_tokens give %s the id %d; the ids of %d tokens must be 0 to %d without holes"
              .formatted(token, id, tokens.length, tokens.length - 1));
    }
    if (tokens[id] != null) {
      throw vocabulary.error(
          "and added_tokens give %s and %s the same id %d".formatted(tokens[id], token, id));
    }
    tokens[id] = token;
  }

  private static AddedToken addedToken(Json token) throws ModelFormatException {
    return new AddedToken(
        token.get("id").asInt(),
        token.get("content").asString(),
        token.get("single_word").asBoolean(),
        token.get("lstrip").asBoolean(),
        token.get("rstrip").asBoolean(),
        token.get("normalized").asBoolean(),
        token.get("special").asBoolean());
  }

  private int id(Json token) throws ModelFormatException {
    Integer id = ids.get(token.asString());
    if (id == null) {
      throw token.error("is " + token.asString() + ", which is not in the vocabulary");
    }
    return id;
  }

  private Specials readPostProcessor() throws ModelFormatException {
    Json processor = root.get("post_processor");
    Json type = processor.get("type");
    return switch (type.asString()) {
      case "TemplateProcessing" -> readTemplate(processor);
      case "BertProcessing" ->
          new Specials(specialPair(processor.get("cls")), specialPair(processor.get("sep")));
      default ->
          throw type.error(
              "is " + type.asString() + "; Kumiko supports TemplateProcessing and BertProcessing");
    };
  }

  /** A special token as {@code BertProcessing} writes it: {@code ["[CLS]", 101]}. */
  private int specialPair(Json pair) throws ModelFormatException {
    List<Json> items = pair.items();
    if (items.size() != 2) {
      throw pair.error("has %d items, expected a token and its id".formatted(items.size()));
    }
    return special(items.get(0).asString(), items.get(1));
  }

  private int special(String token, Json id) throws ModelFormatException {
    Integer inVocabulary = ids.get(token);
    if (inVocabulary == null || inVocabulary != id.asInt()) {
      throw id.error(
          "is %d for %s, whose id in the vocabulary is %s"
              .formatted(id.asInt(), token, inVocabulary));
    }
    return inVocabulary;
  }

  private Specials readTemplate(Json processor) throws ModelFormatException {
    Json single = processor.get("single");
    List<Piece> pieces = pieces(single);
    if (pieces.size() != 3) {
      throw single.error("is %s; Kumiko supports [CLS]:0 $A:0 [SEP]:0".formatted(text(pieces)));
    }
    String cls = pieces.get(0).id();
    String sep = pieces.get(2).id();
    requireTemplate(single, cls + ":0 $A:0 " + sep + ":0");
    requireTemplate(processor.get("pair"), cls + ":0 $A:0 " + sep + ":0 $B:1 " + sep + ":1");
    Json specials = processor.get("special_tokens");
    return new Specials(templateId(specials, cls), templateId(specials, sep));
  }

  private static List<Piece> pieces(Json template) throws ModelFormatException {
    List<Piece> pieces = new ArrayList<>();
    for (Json item : template.items()) {
      Optional<Json> special = item.find("SpecialToken");
      Json piece = special.isPresent() ? special.get() : item.get("Sequence");
      String id = piece.get("id").asString();
      pieces.add(new Piece(special.isPresent() ? id : "$" + id, piece.get("type_id").asInt()));
    }
    return pieces;
  }

  private static String text(List<Piece> pieces) {
    return pieces.stream()
        .map(piece -> piece.id() + ":" + piece.type())
        .collect(Collectors.joining(" "));
  }

  private static void requireTemplate(Json template, String expected) throws ModelFormatException {
    String found = text(pieces(template));
    if (!found.equals(expected)) {
      throw template.error("is %s; Kumiko supports %s".formatted(found, expected));
    }
  }

  private int templateId(Json specials, String token) throws ModelFormatException {
    Json templateIds = specials.get(token).get("ids");
    if (templateIds.items().size() != 1) {
      throw templateIds.error("has %d items, expected 1".formatted(templateIds.items().size()));
    }
    return special(token, templateIds.items().get(0));
  }
}
