package dev.kumiko.springai;

import dev.kumiko.Prompt;
import java.util.Objects;
import java.util.Optional;

/**
 * Which of the model's prompts stand before which texts. Spring AI does not tell questions from
 * documents, but its vector stores embed the former by {@code embed(String)} and the latter as
 * {@code Document}s. Immutable.
 */
public final class KumikoPrompts {
  /**
   * {@link Prompt#QUERY} before a text that is embedded alone, as a store does with what is
   * searched for; {@link Prompt#DOCUMENT} before documents; and before the texts of requests and
   * lists, which can be either, what {@link #DEFAULT} says.
   */
  public static final KumikoPrompts AUTO =
      new KumikoPrompts(
          "auto", Optional.of(Prompt.QUERY), Optional.of(Prompt.DOCUMENT), Optional.empty());

  /** No prompt, even if the model has a default one. */
  public static final KumikoPrompts NONE = same("none", Optional.of(Prompt.NONE));

  /** Before all texts the prompt that the embedder was built with. */
  public static final KumikoPrompts DEFAULT = same("default", Optional.empty());

  private final String setting;
  private final Optional<Prompt> query;
  private final Optional<Prompt> document;
  private final Optional<Prompt> other;

  private KumikoPrompts(
      String setting, Optional<Prompt> query, Optional<Prompt> document, Optional<Prompt> other) {
    this.setting = setting;
    this.query = query;
    this.document = document;
    this.other = other;
  }

  private static KumikoPrompts same(String setting, Optional<Prompt> prompt) {
    return new KumikoPrompts(setting, prompt, prompt, prompt);
  }

  /**
   * Puts one prompt before all texts.
   *
   * @param name that of one of the model's prompts
   * @return these prompts
   */
  public static KumikoPrompts named(String name) {
    return same(name, Optional.of(Prompt.named(name)));
  }

  /**
   * Returns what a setting stands for.
   *
   * @param setting {@code auto}, {@code none}, {@code default} or the name of a prompt
   * @return these prompts
   */
  public static KumikoPrompts of(String setting) {
    return switch (Objects.requireNonNull(setting, "setting")) {
      case "auto" -> AUTO;
      case "none" -> NONE;
      case "default" -> DEFAULT;
      default -> named(setting);
    };
  }

  /** {@return the prompt of a text that is embedded alone; empty for the embedder's} */
  Optional<Prompt> query() {
    return query;
  }

  /** {@return the prompt of documents; empty for the embedder's} */
  Optional<Prompt> document() {
    return document;
  }

  /** {@return the prompt of other texts; empty for the embedder's} */
  Optional<Prompt> other() {
    return other;
  }

  /** {@return the setting} */
  @Override
  public String toString() {
    return setting;
  }
}
