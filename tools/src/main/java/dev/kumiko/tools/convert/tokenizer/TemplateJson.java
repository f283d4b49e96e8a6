package dev.kumiko.tools.convert.tokenizer;

import static dev.kumiko.tools.convert.tokenizer.TokenizerJson.unsupported;

import dev.kumiko.format.Json;
import dev.kumiko.format.OffsetTrimming;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The section {@code post_processor}. */
final class TemplateJson {
  private static final String SUPPORTED =
      "BertProcessing, RobertaProcessing, TemplateProcessing, ByteLevel and Sequence";

  private static final SpecialTokens NONE =
      new SpecialTokens(List.of(Piece.first(0)), List.of(Piece.first(0), Piece.second(1)));

  private final TokenIds vocabulary;

  TemplateJson(TokenIds vocabulary) {
    this.vocabulary = vocabulary;
  }

  SpecialTokens read(Optional<Json> processor) throws ModelFormatException {
    if (processor.isEmpty()) {
      return NONE;
    }
    SpecialTokens specials = read(processor.get());
    Optional<String> problem = specials.problem();
    if (problem.isPresent()) {
      throw processor.get().error("is not supported: " + problem.get());
    }
    return specials;
  }

  private SpecialTokens read(Json processor) throws ModelFormatException {
    Json type = processor.get("type");
    return switch (type.asString()) {
      case "BertProcessing" ->
          SpecialTokens.bert(special(processor.get("cls")), special(processor.get("sep")));
      case "RobertaProcessing" ->
          roberta(special(processor.get("cls")), special(processor.get("sep")));
      case "TemplateProcessing" -> template(processor);
      // Changes where a token is said to lie, but no ids.
      case "ByteLevel" -> NONE;
      case "Sequence" -> sequence(processor);
      default -> throw unsupported(type, SUPPORTED);
    };
  }

  /** Whether offsets are trimmed; the first that says so counts. */
  static OffsetTrimming trimming(Optional<Json> processor) throws ModelFormatException {
    return processor.isPresent() ? trimming(processor.get()) : OffsetTrimming.NONE;
  }

  private static OffsetTrimming trimming(Json processor) throws ModelFormatException {
    switch (processor.get("type").asString()) {
      case "RobertaProcessing", "ByteLevel" -> {
        if (TokenizerJson.flag(processor, "trim_offsets", true)) {
          return TokenizerJson.flag(processor, "add_prefix_space", true)
              ? OffsetTrimming.ALL_BUT_FIRST
              : OffsetTrimming.ALL;
        }
      }
      case "Sequence" -> {
        for (Json item : processor.get("processors").items()) {
          OffsetTrimming trimming = trimming(item);
          if (trimming != OffsetTrimming.NONE) {
            return trimming;
          }
        }
      }
      default -> {}
    }
    return OffsetTrimming.NONE;
  }

  private SpecialTokens sequence(Json processor) throws ModelFormatException {
    SpecialTokens specials = NONE;
    for (Json item : processor.get("processors").items()) {
      SpecialTokens next = read(item);
      if (!next.equals(NONE)) {
        if (!specials.equals(NONE)) {
          throw item.error("is the second that adds tokens; Kumiko supports one");
        }
        specials = next;
      }
    }
    return specials;
  }

  private static SpecialTokens roberta(int cls, int sep) {
    return new SpecialTokens(
        List.of(Piece.token(cls, 0), Piece.first(0), Piece.token(sep, 0)),
        List.of(
            Piece.token(cls, 0),
            Piece.first(0),
            Piece.token(sep, 0),
            Piece.token(sep, 0),
            Piece.second(0),
            Piece.token(sep, 0)));
  }

  /** A special token as {@code BertProcessing} writes it: {@code ["[CLS]", 101]}. */
  private int special(Json pair) throws ModelFormatException {
    List<Json> items = pair.items();
    if (items.size() != 2) {
      throw pair.error("has %d items, expected a token and its id".formatted(items.size()));
    }
    return vocabulary.special(items.get(0).asString(), items.get(1));
  }

  private SpecialTokens template(Json processor) throws ModelFormatException {
    Json specials = processor.get("special_tokens");
    return new SpecialTokens(
        pieces(processor.get("single"), specials), pieces(processor.get("pair"), specials));
  }

  private List<Piece> pieces(Json template, Json specials) throws ModelFormatException {
    List<Piece> pieces = new ArrayList<>();
    for (Json item : template.items()) {
      Optional<Json> special = item.find("SpecialToken");
      Json piece = special.isPresent() ? special.get() : item.get("Sequence");
      int type = piece.get("type_id").asInt();
      String id = piece.get("id").asString();
      if (special.isPresent()) {
        addSpecial(specials.get(id), type, pieces);
      } else {
        pieces.add(
            switch (id) {
              case "A" -> Piece.first(type);
              case "B" -> Piece.second(type);
              default -> throw unsupported(piece.get("id"), "the sequences A and B");
            });
      }
    }
    return pieces;
  }

  private void addSpecial(Json special, int type, List<Piece> pieces) throws ModelFormatException {
    List<Json> ids = special.get("ids").items();
    List<Json> tokens = special.get("tokens").items();
    if (ids.size() != tokens.size()) {
      throw special.error("has %d ids, but %d tokens".formatted(ids.size(), tokens.size()));
    }
    for (int i = 0; i < ids.size(); i++) {
      pieces.add(Piece.token(vocabulary.special(tokens.get(i).asString(), ids.get(i)), type));
    }
  }
}
