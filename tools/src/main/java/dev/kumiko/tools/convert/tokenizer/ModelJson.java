package dev.kumiko.tools.convert.tokenizer;

import static dev.kumiko.tools.convert.tokenizer.TokenizerJson.flag;
import static dev.kumiko.tools.convert.tokenizer.TokenizerJson.present;
import static dev.kumiko.tools.convert.tokenizer.TokenizerJson.unsupported;

import dev.kumiko.format.Json;
import dev.kumiko.format.TokenModel;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The section {@code model}.
 *
 * @param model everything but the tables
 * @param vocabulary tokens and ids
 * @param scoreList scores of a Unigram model
 * @param mergeIds merges of a BPE model: three ids for each
 */
record ModelJson(
    TokenModel model, TokenIds vocabulary, List<Double> scoreList, List<Integer> mergeIds) {
  private static final String SUPPORTED = "WordPiece, Unigram and BPE";

  static ModelJson read(Json model) throws ModelFormatException {
    Optional<Json> type = present(model, "type");
    if (type.isEmpty()) {
      return ofUnknownType(model);
    }
    return switch (type.get().asString()) {
      case "WordPiece" -> wordPiece(model);
      case "Unigram" -> unigram(model);
      case "BPE" -> bpe(model);
      default -> throw unsupported(type.get(), SUPPORTED);
    };
  }

  /** Files of the first versions do not state the type. */
  private static ModelJson ofUnknownType(Json model) throws ModelFormatException {
    if (model.find("max_input_chars_per_word").isPresent()) {
      return wordPiece(model);
    }
    if (model.find("merges").isPresent()) {
      return bpe(model);
    }
    if (model.find("unk_id").isPresent()) {
      return unigram(model);
    }
    throw model.error("states no type; Kumiko supports " + SUPPORTED);
  }

  double[] scores() {
    return scoreList.stream().mapToDouble(Double::doubleValue).toArray();
  }

  int[] merges() {
    return mergeIds.stream().mapToInt(Integer::intValue).toArray();
  }

  private static ModelJson wordPiece(Json model) throws ModelFormatException {
    TokenIds vocabulary = TokenIds.ofObject(model.get("vocab"));
    TokenModel wordPiece =
        new TokenModel.WordPiece(
            model.get("continuing_subword_prefix").asString(),
            model.get("max_input_chars_per_word").asInt(),
            vocabulary.id(model.get("unk_token")));
    return new ModelJson(wordPiece, vocabulary, List.of(), List.of());
  }

  private static ModelJson unigram(Json model) throws ModelFormatException {
    List<String> pieces = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    for (Json piece : model.get("vocab").items()) {
      List<Json> pair = pair(piece);
      pieces.add(pair.get(0).asString());
      scores.add(pair.get(1).asDouble());
    }
    Optional<Json> unknown = present(model, "unk_id");
    if (unknown.isEmpty()) {
      throw model.error("is a Unigram without unk_id; Kumiko needs one for unknown characters");
    }
    int id = unknown.get().asInt();
    if (id < 0 || id >= pieces.size()) {
      throw unknown.get().error("is %d, but the ids are 0 to %d".formatted(id, pieces.size() - 1));
    }
    return new ModelJson(
        new TokenModel.Unigram(id, flag(model, "byte_fallback", false)),
        TokenIds.ofList(pieces, model.get("vocab")),
        scores,
        List.of());
  }

  private static ModelJson bpe(Json model) throws ModelFormatException {
    Optional<Json> dropout = present(model, "dropout");
    if (dropout.isPresent() && dropout.get().asDouble() != 0) {
      throw dropout.get().error("is " + dropout.get() + "; Kumiko does not tokenise at random");
    }
    TokenIds vocabulary = TokenIds.ofObject(model.get("vocab"));
    Optional<Json> unknown = present(model, "unk_token");
    String prefix = text(model, "continuing_subword_prefix");
    TokenModel bpe =
        new TokenModel.Bpe(
            unknown.isPresent()
                ? OptionalInt.of(vocabulary.id(unknown.get()))
                : OptionalInt.empty(),
            prefix,
            text(model, "end_of_word_suffix"),
            flag(model, "fuse_unk", false),
            flag(model, "byte_fallback", false),
            flag(model, "ignore_merges", false));
    return new ModelJson(
        bpe, vocabulary, List.of(), merges(model.get("merges"), vocabulary, prefix));
  }

  private static String text(Json object, String name) throws ModelFormatException {
    Optional<Json> text = present(object, name);
    return text.isPresent() ? text.get().asString() : "";
  }

  private static List<Integer> merges(Json merges, TokenIds vocabulary, String prefix)
      throws ModelFormatException {
    List<Integer> ids = new ArrayList<>();
    Map<List<Integer>, Integer> ranks = new HashMap<>();
    int rank = 0;
    for (Json merge : merges.items()) {
      List<String> tokens = mergedTokens(merge);
      String left = tokens.get(0);
      String right = tokens.get(1);
      if (right.length() < prefix.length()) {
        throw merge.error("merges %s, which is shorter than %s".formatted(right, prefix));
      }
      List<Integer> pair = List.of(vocabulary.id(left, merge), vocabulary.id(right, merge));
      Integer twin = ranks.put(pair, rank);
      if (twin != null) {
        throw merge.error(
            "is %s %s, as is merges[%d]; Kumiko does not support duplicate merges"
                .formatted(left, right, twin));
      }
      ids.addAll(pair);
      ids.add(vocabulary.id(left + right.substring(prefix.length()), merge));
      rank++;
    }
    return ids;
  }

  /** A pair, or, as in files of older versions, two tokens with a blank between them. */
  private static List<String> mergedTokens(Json merge) throws ModelFormatException {
    if (merge.isArray()) {
      List<Json> pair = pair(merge);
      return List.of(pair.get(0).asString(), pair.get(1).asString());
    }
    List<String> parts = List.of(merge.asString().split(" ", -1));
    if (parts.size() != 2) {
      throw merge.error("has %d parts, expected 2".formatted(parts.size()));
    }
    return parts;
  }

  private static List<Json> pair(Json array) throws ModelFormatException {
    List<Json> items = array.items();
    if (items.size() != 2) {
      throw array.error("has %d items, expected 2".formatted(items.size()));
    }
    return items;
  }
}
