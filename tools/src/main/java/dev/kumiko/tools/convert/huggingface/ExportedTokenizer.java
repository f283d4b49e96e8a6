package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Position;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.tokenizer.TokenizerJsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** The tokenizer's files of an exported folder. */
final class ExportedTokenizer {
  private final ModelDescription model;
  private final TokenizerDescription description;
  private final TokenizerJsonWriter writer;

  ExportedTokenizer(ModelFile file, ModelDescription model) throws IOException {
    this.model = model;
    this.description = model.tokenizer();
    int rows = model.architecture().vocabularySize();
    this.writer =
        new TokenizerJsonWriter(description, TokenizerTables.read(file, description, rows));
    if (!writer.nameless().isEmpty()) {
      throw new ConversionException(
          "%s has a tokenizer that %s, for which tokenizer.json has no name: it cannot be exported."
              .formatted(model.name(), String.join(", ", writer.nameless())));
    }
  }

  /** Returns the {@code tokenizer.json}. */
  Map<String, Object> document() {
    return writer.document(model.maxTokens());
  }

  /** Returns the {@code tokenizer_config.json}: of this class, the document counts as it is. */
  Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("model_max_length", model.maxTokens());
    config.put("truncation_side", description.truncatesLeft() ? "left" : "right");
    config.put("clean_up_tokenization_spaces", false);
    List<String> inputs = new ArrayList<>(List.of("input_ids", "attention_mask"));
    if (model.architecture().tokenTypes() > 0) {
      inputs.add(1, "token_type_ids");
    }
    config.put("model_input_names", inputs);
    config.putAll(roles());
    return config;
  }

  /** Returns what special tokens are used for; only those that are found in texts anyway. */
  Map<String, Object> roles() {
    Map<String, Object> roles = new LinkedHashMap<>();
    List<Piece> around = around();
    put(roles, "unk_token", unknown());
    if (!around.isEmpty()) {
      put(roles, "cls_token", OptionalInt.of(around.getFirst().id()));
      put(roles, "sep_token", OptionalInt.of(around.getLast().id()));
    }
    put(roles, "pad_token", OptionalInt.of(padding()));
    put(roles, "mask_token", named("mask"));
    return roles;
  }

  private List<Piece> around() {
    return description.specialTokens().single().stream()
        .filter(piece -> piece.kind() == SpecialTokens.Kind.TOKEN)
        .toList();
  }

  private void put(Map<String, Object> roles, String role, OptionalInt id) {
    boolean isAdded =
        id.isPresent()
            && description.addedTokens().stream()
                .anyMatch(token -> token.id() == id.getAsInt() && token.special());
    if (isAdded) {
      roles.put(role, writer.token(id.getAsInt()));
    }
  }

  private OptionalInt unknown() {
    return switch (description.model()) {
      case TokenModel.WordPiece wordPiece -> OptionalInt.of(wordPiece.unknownId());
      case TokenModel.Unigram unigram -> OptionalInt.of(unigram.unknownId());
      case TokenModel.Bpe bpe -> bpe.unknownId();
    };
  }

  /**
   * Returns the padding token, of which Kumiko has no need: the one that positions are counted
   * from, or else the one of such a name, or else what ends a text, or else the first.
   */
  int padding() {
    Architecture architecture = model.architecture();
    if (architecture.layout().position() instanceof Position.Learned learned
        && learned.paddingId().isPresent()) {
      return learned.paddingId().getAsInt();
    }
    OptionalInt named = named("pad");
    return named.isPresent() ? named.getAsInt() : around().isEmpty() ? 0 : around().getLast().id();
  }

  private OptionalInt named(String part) {
    return description.addedTokens().stream()
        .filter(token -> token.special())
        .filter(token -> token.content().toLowerCase(Locale.ROOT).contains(part))
        .mapToInt(AddedToken::id)
        .findFirst();
  }
}
