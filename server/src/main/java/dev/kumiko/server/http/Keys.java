package dev.kumiko.server.http;

import java.util.Optional;

/** Who may ask. Safe for concurrent use. */
public interface Keys {
  /** Anybody may ask. */
  Keys NONE = authorization -> Optional.empty();

  /** {@return whether a key is needed} */
  default boolean required() {
    return this != NONE;
  }

  /**
   * Looks a key up.
   *
   * @param authorization the header {@code Authorization}; null if there is none
   * @return a name for who has the key, which is not the key; empty if it is not known
   */
  Optional<String> known(String authorization);
}
