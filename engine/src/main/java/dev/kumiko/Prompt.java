package dev.kumiko;

import dev.kumiko.model.ModelInfo;
import dev.kumiko.tokenize.Tokenizer;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A text that a model wants before its input, such as {@code "query: "}. Which ones there are is
 * the model's: {@link ModelInfo#prompts}. Immutable.
 *
 * <p>One that takes all tokens that a text may have is refused, on loading or by the call that asks
 * for it, with {@link IllegalArgumentException}: every text would get the same vector.
 */
public final class Prompt {
  /** No prompt, even if the model has a default one. */
  public static final Prompt NONE = new Prompt("", List.of(), false);

  /**
   * That of a question to search with: the model's prompt {@code query}. A model without one, which
   * makes no difference between questions and documents, gets its default prompt, if it has one.
   */
  public static final Prompt QUERY = new Prompt(null, List.of("query"), false);

  /**
   * That of a text to be found: the model's prompt {@code document}, {@code passage} or {@code
   * corpus}. A model without one gets its default prompt, if it has one.
   */
  public static final Prompt DOCUMENT =
      new Prompt(null, List.of("document", "passage", "corpus"), false);

  /** The model's default prompt, if it has one; so is every embedder built unless it is told. */
  public static final Prompt DEFAULT = new Prompt(null, List.of(), false);

  private final String text;
  private final List<String> names;
  private final boolean required;

  private Prompt(String text, List<String> names, boolean required) {
    this.text = text;
    this.names = names;
    this.required = required;
  }

  /**
   * {@return the prompt that a model has under this name; a model without it is an error}
   *
   * @param name the prompt's name, such as {@code query}
   */
  public static Prompt named(String name) {
    return new Prompt(null, List.of(Objects.requireNonNull(name, "name")), true);
  }

  /**
   * {@return a prompt that is stated in full}
   *
   * @param text what is put before a text, as it stands
   */
  public static Prompt of(String text) {
    return new Prompt(Objects.requireNonNull(text, "text"), List.of(), false);
  }

  /**
   * Returns what is put before a text for a model, as an {@link Embedder} of an application's own
   * needs to know it.
   *
   * @param model the model whose prompts are meant
   * @return the prompt, as it stands; empty for none
   * @throws IllegalArgumentException if this is {@link #named} and the model has no prompt of that
   *     name
   */
  public String text(ModelInfo model) {
    if (text != null) {
      return text;
    }
    for (String name : names) {
      String found = model.prompts().get(name);
      if (found != null) {
        return found;
      }
    }
    if (required) {
      throw new IllegalArgumentException(
          "%s has no prompt named \"%s\"; it has %s"
              .formatted(model.name(), names.get(0), new TreeSet<>(model.prompts().keySet())));
    }
    return model.defaultPrompt().isEmpty() ? "" : model.prompts().get(model.defaultPrompt());
  }

  /**
   * Checks that a prompt leaves room for a text.
   *
   * @throws IllegalArgumentException if it does not
   */
  static void requireRoom(String before, Tokenizer tokenizer, int maxTokens, ModelInfo model) {
    int tokens = before.isEmpty() ? 0 : tokenizer.count(before);
    if (tokens >= maxTokens) {
      throw new IllegalArgumentException(
          "the prompt has %d tokens, special tokens included, which leaves no room for a text: %s takes %d here; shorten it, or raise maxTokens if the model has more positions"
              .formatted(tokens, model.name(), maxTokens));
    }
  }
}
