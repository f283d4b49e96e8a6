package dev.kumiko.tools.convert.vocabulary;

import static dev.kumiko.tools.convert.JsonFile.present;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code add_bos_token} and {@code add_eos_token} of {@code tokenizer_config.json}: whether a text
 * begins and ends with a token of its own. Where {@code tokenizer.json} says otherwise they count,
 * for the published vectors of such models were made with them.
 */
final class EndTokens {
  private final Json stored;
  private final Json config;

  /** The tokens around a text, and what is known of them. */
  private final List<Object> single = new ArrayList<>();

  private final Map<String, Object> specials = new LinkedHashMap<>();

  private EndTokens(Json stored, Json config) {
    this.stored = stored;
    this.config = config;
  }

  /** Returns the tokenizer with the tokens that the settings ask for. */
  static Json obey(Json stored, Json config, Consumer<String> log) throws ModelFormatException {
    return new EndTokens(stored, config).obey(log);
  }

  private Json obey(Consumer<String> log) throws ModelFormatException {
    List<String> before = tokens();
    int text = before.indexOf("");
    if (text < 0) {
      return stored; // a template of another kind, which is judged where it is read
    }
    List<String> after = new ArrayList<>(before);
    boolean ends = change("add_eos_token", "eos_token", after, before.size() - 1, after.size());
    boolean begins = change("add_bos_token", "bos_token", after, 0, 0);
    if (!begins && !ends) {
      return stored;
    }
    log.accept(
        "A text becomes %s, as add_bos_token and add_eos_token of tokenizer_config.json ask, and not %s, as tokenizer.json says."
            .formatted(named(after), named(before)));
    return stored.with(TokenizerFolder.json(Map.of("post_processor", template(after))));
  }

  private static String named(List<String> tokens) {
    return String.join(" ", tokens.stream().map(it -> it.isEmpty() ? "TEXT" : it).toList());
  }

  /**
   * Adds or removes a token.
   *
   * @param at where it would stand today
   * @param to where it would be added
   * @return whether there is a change
   */
  private boolean change(String flag, String role, List<String> tokens, int at, int to)
      throws ModelFormatException {
    Optional<Json> stated = present(config, flag);
    Optional<String> token = content(role);
    if (stated.isEmpty() || token.isEmpty()) {
      return false;
    }
    String found = tokens.get(at);
    if (stated.get().asBoolean() && found.isEmpty()) {
      tokens.add(to, token.get());
      return true;
    }
    return !stated.get().asBoolean() && found.equals(token.get()) && tokens.remove(at) != null;
  }

  private Optional<String> content(String role) throws ModelFormatException {
    Optional<Json> token = present(config, role);
    if (token.isEmpty()) {
      return Optional.empty();
    }
    Json content = token.get().isObject() ? token.get().get("content") : token.get();
    return Optional.of(content.asString());
  }

  /** Returns the tokens around one text, which is empty here; nothing if that is not all. */
  private List<String> tokens() throws ModelFormatException {
    Optional<Json> processor = present(stored, "post_processor");
    List<String> tokens = new ArrayList<>();
    List<Json> parts = new ArrayList<>();
    if (processor.isPresent()) {
      boolean several = processor.get().get("type").asString().equals("Sequence");
      parts.addAll(several ? processor.get().get("processors").items() : List.of(processor.get()));
    }
    boolean isTemplate = false;
    for (Json part : parts) {
      switch (part.get("type").asString()) {
        case "TemplateProcessing" -> {
          isTemplate = true;
          for (Json item : part.get("single").items()) {
            Optional<Json> special = item.find("SpecialToken");
            tokens.add(special.isPresent() ? special.get().get("id").asString() : "");
          }
        }
        case "ByteLevel" -> {}
        default -> {
          return List.of();
        }
      }
    }
    return isTemplate ? tokens : List.of("");
  }

  private Map<String, Object> template(List<String> tokens) throws ModelFormatException {
    List<Object> pair = new ArrayList<>();
    for (int type = 0; type < 2; type++) {
      for (String token : tokens) {
        Object item = item(token, type);
        pair.add(item);
        if (type == 0) {
          single.add(item);
        }
      }
    }
    Map<String, Object> template = new LinkedHashMap<>();
    template.put("type", "TemplateProcessing");
    template.put("single", single);
    template.put("pair", pair);
    template.put("special_tokens", specials);
    return template;
  }

  private Object item(String token, int type) throws ModelFormatException {
    if (token.isEmpty()) {
      return Map.of("Sequence", Map.of("id", type == 0 ? "A" : "B", "type_id", type));
    }
    specials.put(token, Map.of("id", token, "ids", List.of(id(token)), "tokens", List.of(token)));
    return Map.of("SpecialToken", Map.of("id", token, "type_id", type));
  }

  private int id(String token) throws ModelFormatException {
    Optional<Json> added = present(stored, "added_tokens");
    for (Json known : added.isPresent() ? added.get().items() : List.<Json>of()) {
      if (known.get("content").asString().equals(token)) {
        return known.get("id").asInt();
      }
    }
    return stored.get("model").get("vocab").get(token).asInt();
  }
}
