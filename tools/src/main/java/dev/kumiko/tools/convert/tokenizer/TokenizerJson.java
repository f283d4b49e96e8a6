package dev.kumiko.tools.convert.tokenizer;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.Json;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import dev.kumiko.tokenize.Tokenizers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the {@code tokenizer.json} of Hugging Face's {@code tokenizers}, and refuses by name what
 * Kumiko would not tokenise in the same way. Of the section on truncation the direction counts;
 * those on padding and decoding are of no concern here.
 */
public final class TokenizerJson {
  private TokenizerJson() {}

  /**
   * A tokenizer.
   *
   * @param description everything that is no table
   * @param tables vocabulary, scores, merges and character map
   */
  public record Tokenizer(TokenizerDescription description, TokenizerTables tables) {
    /** Returns one more than the largest id. */
    public int ids() {
      int ids = tables.tokens();
      for (AddedToken token : description.addedTokens()) {
        ids = Math.max(ids, token.id() + 1);
      }
      return ids;
    }

    /** Returns the added tokens with this id or a larger one, if no text needs them. */
    public List<AddedToken> dispensableFrom(int id) {
      Set<Integer> needed = new HashSet<>();
      description.specialTokens().single().forEach(piece -> needed.add(piece.id()));
      description.specialTokens().pair().forEach(piece -> needed.add(piece.id()));
      return description.addedTokens().stream()
          .filter(token -> token.id() >= id && !needed.contains(token.id()))
          .toList();
    }

    /** Returns one without these added tokens. */
    public Tokenizer without(List<AddedToken> tokens) {
      List<AddedToken> kept = new ArrayList<>(description.addedTokens());
      kept.removeAll(tokens);
      return new Tokenizer(
          new TokenizerDescription(
              description.normalizers(),
              description.splits(),
              description.model(),
              description.specialTokens(),
              kept,
              description.truncatesLeft(),
              description.trimming()),
          tables);
    }

    /** Returns one that lower-cases first, as sentence-transformers asks for with a flag. */
    public Tokenizer lowerCasing() {
      List<NormalizerStep> steps = new ArrayList<>(description.normalizers());
      if (!lowerCases()) {
        steps.add(0, NormalizerStep.Simple.LOWERCASE);
      }
      return new Tokenizer(
          new TokenizerDescription(
              steps,
              description.splits(),
              description.model(),
              description.specialTokens(),
              description.addedTokens(),
              description.truncatesLeft(),
              description.trimming()),
          tables);
    }

    /** Returns whether texts are lower-cased. */
    boolean lowerCases() {
      return description.normalizers().stream().anyMatch(Tokenizer::lowerCases);
    }

    private static boolean lowerCases(NormalizerStep step) {
      return step == NormalizerStep.Simple.LOWERCASE
          || (step instanceof NormalizerStep.Bert bert && bert.lowercase());
    }
  }

  /**
   * Reads a tokenizer.
   *
   * @throws ModelFormatException naming the place in the document and the component that is not
   *     supported, or what is wrong with it
   */
  public static Tokenizer read(Json root) throws ModelFormatException {
    NormalizerJson normalizer = NormalizerJson.read(present(root, "normalizer"));
    ModelJson model = ModelJson.read(root.get("model"));
    List<AddedToken> addedTokens = addedTokens(root);
    for (int i = 0; i < addedTokens.size(); i++) {
      AddedToken token = addedTokens.get(i);
      Json place = root.get("added_tokens").items().get(i);
      model.vocabulary().add(token.content(), token.id(), place);
    }
    TokenizerDescription description =
        new TokenizerDescription(
            normalizer.steps(),
            SplitJson.read(present(root, "pre_tokenizer")),
            model.model(),
            new TemplateJson(model.vocabulary()).read(present(root, "post_processor")),
            addedTokens,
            truncatesLeft(root),
            TemplateJson.trimming(present(root, "post_processor")));
    TokenizerTables tables =
        TokenizerTables.of(
            root.source(),
            model.vocabulary().tokens(),
            model.scores(),
            model.merges(),
            normalizer.characterMap());
    Tokenizer tokenizer = new Tokenizer(description, tables);
    Optional<String> problem = description.problem(tokenizer.ids());
    if (problem.isPresent()) {
      throw new ModelFormatException(Reason.BAD_DESCRIPTION, root.source() + ": " + problem.get());
    }
    // Refuses what the engine would refuse to load, such as a regular expression.
    Tokenizers.of(description, tables);
    return tokenizer;
  }

  /** Returns which steps and tokens of two documents are not the same, for people. */
  public static List<String> differing(Json one, Json other) throws ModelFormatException {
    List<String> differing = new ArrayList<>();
    if (!SplitJson.read(present(one, "pre_tokenizer"))
        .equals(SplitJson.read(present(other, "pre_tokenizer")))) {
      differing.add("pre_tokenizer");
    }
    if (!NormalizerJson.read(present(one, "normalizer"))
        .steps()
        .equals(NormalizerJson.read(present(other, "normalizer")).steps())) {
      differing.add("normalizer");
    }
    if (!Set.copyOf(addedTokens(one)).equals(Set.copyOf(addedTokens(other)))) {
      differing.add("added_tokens");
    }
    return differing;
  }

  private static List<AddedToken> addedTokens(Json root) throws ModelFormatException {
    List<AddedToken> tokens = new ArrayList<>();
    Optional<Json> list = present(root, "added_tokens");
    for (Json token : list.isPresent() ? list.get().items() : List.<Json>of()) {
      tokens.add(addedToken(token));
    }
    return tokens;
  }

  /** Which end a text loses; its length is stated elsewhere. */
  private static boolean truncatesLeft(Json root) throws ModelFormatException {
    Optional<Json> truncation = present(root, "truncation");
    if (truncation.isEmpty()) {
      return false;
    }
    Optional<Json> direction = present(truncation.get(), "direction");
    return switch (direction.isPresent() ? direction.get().asString() : "Right") {
      case "Left" -> true;
      case "Right" -> false;
      default -> throw unsupported(direction.get(), "Left and Right");
    };
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

  /** A member that is there and not null. */
  static Optional<Json> present(Json object, String name) throws ModelFormatException {
    return object.find(name).filter(value -> !value.isNull());
  }

  /** A flag that may be missing, as in files of older versions. */
  static boolean flag(Json object, String name, boolean absent) throws ModelFormatException {
    Optional<Json> flag = present(object, name);
    return flag.isPresent() ? flag.get().asBoolean() : absent;
  }

  /** Blames a component for its type. */
  static ModelFormatException unsupported(Json type, String supported) {
    return type.error("is " + type + "; Kumiko supports " + supported);
  }
}
