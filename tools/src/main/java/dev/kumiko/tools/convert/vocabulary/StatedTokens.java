package dev.kumiko.tools.convert.vocabulary;

import static dev.kumiko.tools.convert.JsonFile.find;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The special and added tokens that {@code tokenizer_config.json}, {@code special_tokens_map.json}
 * and {@code added_tokens.json} state. {@code added_tokens_decoder} of the first makes the others
 * count for nothing; else a token of the second wins over the same one of the first.
 */
final class StatedTokens {
  /** The names that every tokenizer has, in the order in which the tokens are added. */
  static final List<String> NAMES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private static final String EXTRA = "extra_special_tokens";
  private static final String FORMER_EXTRA = "additional_special_tokens";
  private static final String DECODER = "added_tokens_decoder";

  private final Map<String, Optional<AddedToken>> named = new LinkedHashMap<>();
  private final Map<String, AddedToken> ownNamed = new LinkedHashMap<>();
  private final Map<String, AddedToken> extraNamed = new LinkedHashMap<>();
  private final TreeMap<Integer, AddedToken> added = new TreeMap<>();
  private final Set<String> statedAsText = new LinkedHashSet<>();
  private Optional<List<AddedToken>> extra = Optional.empty();
  private Optional<List<AddedToken>> formerExtra = Optional.empty();

  private StatedTokens() {}

  /**
   * Reads all that is stated.
   *
   * @param stored a {@code tokenizer.json}, if there is one; its tokens count where no {@code
   *     added_tokens_decoder} says otherwise
   */
  static StatedTokens read(Path folder, Optional<Json> config, Optional<Json> stored)
      throws IOException {
    StatedTokens tokens = new StatedTokens();
    if (config.isPresent()) {
      tokens.readConfig(config.get());
    }
    if (config.isPresent() && config.get().find(DECODER).isPresent()) {
      tokens.readDecoder(config.get().get(DECODER));
    } else {
      Optional<Json> map = find(folder.resolve("special_tokens_map.json"));
      if (map.isPresent()) {
        tokens.readMap(map.get());
      }
      Optional<Json> file = find(folder.resolve("added_tokens.json"));
      if (file.isPresent()) {
        tokens.readAdded(file.get());
      }
      if (stored.isPresent()) {
        tokens.readStored(stored.get());
      }
    }
    tokens.takeFlagsOfAdded();
    return tokens;
  }

  private void readConfig(Json config) throws ModelFormatException {
    for (Map.Entry<String, Json> member : config.members().entrySet()) {
      String name = member.getKey();
      Json value = member.getValue();
      if (NAMES.contains(name)) {
        putNamed(name, value, isTyped(value));
      } else if (name.endsWith("_token") && value.isString()) {
        extraNamed.put(name, AddedToken.special(value.asString()));
      } else if (name.endsWith("_token") && isTyped(value)) {
        ownNamed.put(name, typed(value));
      }
    }
    Optional<Json> list = config.find(EXTRA);
    Optional<Json> former = config.find(FORMER_EXTRA);
    if (former.isPresent() && (list.isEmpty() || isEmpty(list.get()))) {
      list = former;
      former = Optional.empty();
    }
    if (list.isPresent() && list.get().isObject()) {
      for (Map.Entry<String, Json> token : list.get().members().entrySet()) {
        extraNamed.put(token.getKey(), textOrTyped(token.getValue()));
      }
      if (former.isPresent()) {
        formerExtra = Optional.of(list(former.get(), false));
      }
    } else if (list.isPresent()) {
      extra = Optional.of(list(list.get(), false));
    }
  }

  private void readDecoder(Json decoder) throws ModelFormatException {
    for (Map.Entry<String, Json> token : decoder.members().entrySet()) {
      int id;
      try {
        id = Integer.parseInt(token.getKey());
      } catch (NumberFormatException e) {
        throw token.getValue().error("has a name that is no id");
      }
      boolean special = AddedToken.flag(token.getValue(), "special");
      added.put(id, AddedToken.read(token.getValue(), special));
    }
  }

  private void readMap(Json map) throws ModelFormatException {
    for (Map.Entry<String, Json> member : map.members().entrySet()) {
      String name = member.getKey();
      Json value = member.getValue();
      if (NAMES.contains(name)) {
        putNamed(name, value, value.isObject());
      } else if (name.equals(EXTRA) && value.isObject()) {
        for (Map.Entry<String, Json> token : value.members().entrySet()) {
          extraNamed.put(token.getKey(), textOrTyped(token.getValue()));
        }
        extra = Optional.empty();
      } else if (name.equals(EXTRA)) {
        List<AddedToken> all = new ArrayList<>(extra.orElse(List.of()));
        all.addAll(list(value, true));
        extra = Optional.of(all);
      } else if (name.equals(FORMER_EXTRA)) {
        formerExtra = Optional.of(list(value, false));
      } else if (name.endsWith("_token")) {
        ownNamed.put(
            name,
            value.isObject() ? AddedToken.read(value, true) : AddedToken.special(value.asString()));
      } else {
        throw value.error("is no token: settings of another kind go into tokenizer_config.json");
      }
    }
  }

  private void readAdded(Json file) throws ModelFormatException {
    Set<String> special = new LinkedHashSet<>();
    named.values().forEach(token -> token.ifPresent(present -> special.add(present.content())));
    extra.orElse(List.of()).forEach(token -> special.add(token.content()));
    for (Map.Entry<String, Json> token : file.members().entrySet()) {
      boolean isSpecial = special.contains(token.getKey());
      added.put(
          token.getValue().asInt(),
          new AddedToken(token.getKey(), false, false, false, Optional.of(!isSpecial), isSpecial));
    }
  }

  private void readStored(Json tokenizer) throws ModelFormatException {
    Optional<Json> list = tokenizer.find("added_tokens");
    for (Json token : list.isPresent() ? list.get().items() : List.<Json>of()) {
      boolean special = AddedToken.flag(token, "special");
      added.put(token.get("id").asInt(), AddedToken.read(token, special));
    }
  }

  private void takeFlagsOfAdded() {
    for (AddedToken token : added.values()) {
      for (Map.Entry<String, Optional<AddedToken>> entry : named.entrySet()) {
        if (entry.getValue().isPresent()
            && entry.getValue().get().content().equals(token.content())) {
          entry.setValue(Optional.of(token));
          statedAsText.remove(entry.getKey());
        }
      }
    }
  }

  private void putNamed(String name, Json value, boolean withFlags) throws ModelFormatException {
    statedAsText.remove(name);
    if (value.isNull()) {
      named.put(name, Optional.empty());
    } else if (withFlags) {
      boolean special = !isTyped(value) || AddedToken.flag(value, "special");
      named.put(name, Optional.of(AddedToken.read(value, special)));
    } else if (value.isString()) {
      named.put(name, Optional.of(AddedToken.special(value.asString())));
      statedAsText.add(name);
    } else {
      throw value.error("is " + value + ", expected text; transformers refuses it too");
    }
  }

  /** Reads a list, in which flags may be stated with or without their type. */
  private static List<AddedToken> list(Json list, boolean untyped) throws ModelFormatException {
    List<AddedToken> tokens = new ArrayList<>();
    for (Json item : list.isNull() ? List.<Json>of() : list.items()) {
      boolean plain = untyped && item.isObject();
      tokens.add(plain ? AddedToken.read(item, true) : textOrTyped(item));
    }
    return tokens;
  }

  private static AddedToken textOrTyped(Json value) throws ModelFormatException {
    return isTyped(value) ? typed(value) : AddedToken.special(value.asString());
  }

  private static AddedToken typed(Json value) throws ModelFormatException {
    return AddedToken.read(value, AddedToken.flag(value, "special"));
  }

  private static boolean isTyped(Json value) throws ModelFormatException {
    return value.isObject() && value.find("__type").isPresent();
  }

  private static boolean isEmpty(Json value) throws ModelFormatException {
    return value.isNull()
        || (value.isArray() && value.items().isEmpty())
        || (value.isObject() && value.members().isEmpty());
  }

  /**
   * Returns the token of a name in {@link #NAMES}.
   *
   * @param absent the class's own, if nothing is stated
   * @return empty if there shall be none
   */
  Optional<AddedToken> named(String name, Optional<AddedToken> absent) {
    return named.getOrDefault(name, absent);
  }

  /** Returns the extra special tokens by their former name, if they are stated so. */
  Optional<List<AddedToken>> formerExtra() {
    return formerExtra;
  }

  /** Returns whether a token is stated by its text alone. */
  boolean isStatedAsText(String name) {
    return statedAsText.contains(name);
  }

  /**
   * Returns all tokens in the order in which they are added; of those with the same text the last
   * counts, in the place of the first.
   *
   * @param named those of the {@link #NAMES} that there are, in that order
   * @param absentExtra the extra ones if none are stated
   */
  Iterable<AddedToken> inOrder(Iterable<AddedToken> named, Optional<List<AddedToken>> absentExtra) {
    List<AddedToken> specials = new ArrayList<>();
    named.forEach(specials::add);
    Map<String, AddedToken> others = new LinkedHashMap<>(ownNamed);
    others.putAll(extraNamed);
    specials.addAll(others.values());
    Set<String> names = new LinkedHashSet<>();
    specials.forEach(token -> names.add(token.content()));
    specials.addAll(extra.or(() -> absentExtra).or(() -> formerExtra).orElse(List.of()));

    Map<String, AddedToken> all = new LinkedHashMap<>();
    Set<String> stored = new LinkedHashSet<>();
    for (AddedToken token : added.values()) {
      all.put(token.content(), names.contains(token.content()) ? token.asSpecial() : token);
      stored.add(token.content());
    }
    for (AddedToken token : specials) {
      if (!stored.contains(token.content())) {
        all.put(token.content(), names.contains(token.content()) ? token.asSpecial() : token);
      }
    }
    return all.values();
  }
}
