package dev.kumiko.server.http;

import java.util.Optional;

/** Who may ask. Safe for concurrent use. */
interface Keys {
  /** Returns whether a key is needed. */
  boolean required();

  /**
   * Looks a key up.
   *
   * @param authorization the header {@code Authorization}; null if there is none
   * @return a name for who has the key, which is not the key; empty if it is not known
   */
  Optional<String> known(String authorization);

  /** Anybody may ask. */
  enum None implements Keys {
    NONE;

    @Override
    public boolean required() {
      return false;
    }

    @Override
    public Optional<String> known(String authorization) {
      return Optional.empty();
    }
  }
}
